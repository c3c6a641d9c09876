package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/bench/internal/traffic"
)

// The ports: one that BitTorrent clients take, and that of the web.
const (
	peerPort = "51413"
	webPort  = "443"
)

// siteName is the name by which the server is known, in the rows where it has one.
const siteName = "club.example.net"

// row is an exchange to be judged.
type row struct {
	name    string
	port    string
	host    string // "" where only the address is known
	torrent string
	ours    bool
	// excepted says why something may be seen although it is ours.
	excepted string
	// like is the row that nDPI must not tell this one from; with fewer, it may
	// see fewer risks in this one, and no other.
	like   string
	fewer  bool
	visit  bool // a page is fetched, no torrent
	server process.Command
	client func() process.Command
}

// rows makes what is needed, and returns what is to be done with it.
func (d *dpi) rows(ctx context.Context) ([]row, error) {
	if err := d.space.Random(ctx, "seed/"+fileName, d.size<<20, 1); err != nil {
		return nil, err
	}
	if err := d.certify(ctx); err != nil {
		return nil, err
	}
	for _, args := range [][]string{{"plain.torrent"}, {"ssl.torrent", d.space.Join("ca.pem")}} {
		c := process.Command{Args: append([]string{"/usr/bin/python3", d.script, "create", d.space.Join("seed/" + fileName), d.space.Join(args[0])}, args[1:]...)}
		if _, err := process.Run(ctx, c, d.proc); err != nil {
			return nil, fmt.Errorf("make %s: %w", args[0], err)
		}
	}
	if err := d.space.Write("hosts", "127.0.0.1 localhost\n"+traffic.ServerHost+" "+siteName+"\n", 0o644); err != nil {
		return nil, err
	}
	return d.list(), nil
}

// list is what is compared.
func (d *dpi) list() []row {
	page := d.chromium("Chromium, page", webPort, siteName, false)
	rows := []row{
		d.libtorrent("libtorrent, plain", "plain", "plain.torrent"),
		d.libtorrent("libtorrent, MSE with RC4", "rc4", "plain.torrent"),
		d.libtorrent("libtorrent, SSL torrent", "ssl", "ssl.torrent"),
		d.transfer("warren, plain", peerPort, "plain.torrent", "--tls", "off"),
		page,
	}
	for _, at := range []struct{ port, host string }{{peerPort, ""}, {webPort, ""}, {webPort, siteName}} {
		socket := d.chromium("Chromium, WebSocket", at.port, at.host, true)
		rows = append(rows, socket)
		ours := func(r row) {
			r.ours, r.like = true, socket.title()
			rows = append(rows, r)
		}
		if at.host == "" {
			ours(d.transfer("warren, Basic", at.port, "plain.torrent", "--tls", "require"))
			program := d.transfer("warren, Basic, hello of a program", at.port, "plain.torrent", "--tls", "require", "--hello", "go")
			program.fewer = true
			ours(program)
			continue
		}
		for _, level := range []string{"basic", "strict", "full-strict"} {
			ours(d.byLink(level, at.port))
		}
	}
	compatible := d.transfer("warren, SSL torrent", peerPort, "ssl.torrent", "--certificate", d.space.Join("both.pem"))
	compatible.ours, compatible.excepted = true, "leaks: the server name is the info-hash, as libtorrent has it"
	return append(rows, compatible)
}

// title tells a row from all others.
func (r row) title() string {
	t := r.name + ", port " + r.port
	if r.host != "" {
		t += ", with a name"
	}
	return t
}

// certify makes the authority of an SSL torrent and the certificate of its peers.
func (d *dpi) certify(ctx context.Context) error {
	for _, args := range []string{
		"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -subj /CN=authority -days 2",
		"req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout peer.key -out peer.csr -subj /CN=*",
		"x509 -req -in peer.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out peer.pem -days 2",
		"pkcs12 -export -in peer.pem -inkey peer.key -certfile ca.pem -passout pass: -out peer.p12",
		"pkcs12 -in peer.p12 -passin pass: -nodes -out both.pem",
		"genpkey -genparam -algorithm DH -pkeyopt group:ffdhe2048 -out dh.pem",
	} {
		c := process.Command{Args: append([]string{"openssl"}, strings.Fields(args)...), Dir: d.space.Path}
		if _, err := process.Run(ctx, c, d.proc); err != nil {
			return fmt.Errorf("make certificates: %w", err)
		}
	}
	return nil
}

func (d *dpi) libtorrent(name, mode, torrent string) row {
	env := []string{"CERTIFICATE=" + d.space.Join("peer.pem"), "KEY=" + d.space.Join("peer.key"), "DH=" + d.space.Join("dh.pem")}
	at := net.JoinHostPort(traffic.ServerHost, peerPort)
	return row{
		name: name, port: peerPort, torrent: torrent,
		server: traffic.Python(d.script, env, "seed", d.space.Join(torrent), d.space.Join("seed"), at, mode),
		client: fixed(traffic.Python(d.script, env, "get", d.space.Join(torrent), d.space.Join("get"), net.JoinHostPort(traffic.ClientHost(), peerPort), mode, at)),
	}
}

func fixed(c process.Command) func() process.Command { return func() process.Command { return c } }

// transfer is one between two of ours.
func (d *dpi) transfer(name, port, torrent string, args ...string) row {
	get := append([]string{"get", d.space.Join(torrent), "--dir", d.space.Join("get"), "--peer", net.JoinHostPort(traffic.ServerHost, port), "--exit"}, args...)
	return row{
		name: name, port: port, torrent: torrent, server: d.share(port, torrent, args...),
		client: func() process.Command { return d.command(said, get...) },
	}
}

// byLink is one between two of ours of whom one has nothing but the link of the
// other, which has a name in it.
func (d *dpi) byLink(level, port string) row {
	torrent := level + ".torrent"
	var link string // told before Ready, and asked for after it
	hear := func(line string) string {
		var o struct {
			Magnet string `json:"magnet"`
		}
		if json.Unmarshal([]byte(line), &o) == nil && o.Magnet != "" {
			link = o.Magnet
		}
		return said(line)
	}
	return row{
		name: "warren, " + map[string]string{"basic": "Basic", "strict": "Strict", "full-strict": "Full Strict"}[level],
		port: port, host: siteName, torrent: torrent,
		server: d.command(hear, "share", d.space.Join("seed/"+fileName), "--level", level, "--torrent", d.space.Join(torrent),
			"--address", net.JoinHostPort(siteName, port), "--listen", net.JoinHostPort(traffic.ServerHost, port), "--tls", "require"),
		client: func() process.Command { return d.command(said, "get", link, "--dir", d.space.Join("get"), "--exit") },
	}
}

func (d *dpi) share(port, torrent string, args ...string) process.Command {
	return d.command(said, append([]string{"share", d.space.Join(torrent), "--dir", d.space.Join("seed"),
		"--listen", net.JoinHostPort(traffic.ServerHost, port)}, args...)...)
}

// command is one of ours, with a home for each verb and level.
func (d *dpi) command(hear func(string) string, args ...string) process.Command {
	home := "home-" + args[0]
	if i := slices.Index(args, "--level"); i >= 0 {
		home += "-" + args[i+1]
	}
	all := append([]string{d.warren}, args...)
	all = append(all, "--home", d.space.Join(home), "--json", "--no-lsd", "--no-dht", "--no-portmap", "--utp", "off")
	return process.Command{Args: all, Said: hear}
}

// said reads one line of --json output.
func said(line string) string {
	var o struct {
		Event string `json:"event"`
	}
	if json.Unmarshal([]byte(line), &o) != nil {
		return ""
	}
	return traffic.Lines(o.Event)
}

// chromium visits the site of one of ours: its page, or a WebSocket there.
func (d *dpi) chromium(name, port, host string, socket bool) row {
	to := host
	if to == "" {
		to = traffic.ServerHost
	}
	if port != webPort {
		to = net.JoinHostPort(to, port)
	}
	target := "https://" + to + "/"
	if socket {
		target = "data:text/html,<h1>here</h1><script>new WebSocket('wss://" + to + "/news')</script>"
	}
	return row{
		name: name, port: port, host: host, torrent: "plain.torrent", visit: true,
		server: d.share(port, "plain.torrent", "--tls", "require"),
		client: fixed(process.Command{Args: []string{"chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
			"--user-data-dir=" + d.space.Join("chromium"), "--ignore-certificate-errors", "--explicitly-allowed-ports=" + peerPort,
			"--host-resolver-rules=MAP " + siteName + " " + traffic.ServerHost, "--timeout=2000", "--dump-dom", target},
			Env: []string{"HOME=" + d.space.Path}}),
	}
}

var (
	errShown = errors.New("what must not be seen was seen")
	errTold  = errors.New("nDPI tells it from a browser")
)

// check decides whether all is as it should be.
func check(judged []judgement) error {
	by := map[string]judgement{}
	for _, j := range judged {
		by[j.title()] = j
	}
	var errs []error
	for _, j := range judged {
		if !j.ours {
			continue
		}
		if len(j.Seen) > 0 && j.excepted == "" {
			errs = append(errs, fmt.Errorf("%s: %w: %s", j.title(), errShown, strings.Join(j.Seen, ", ")))
		}
		if j.like == "" {
			continue
		}
		base, known := by[j.like]
		if same := j.Same(base.Verdict) || j.fewer && j.Within(base.Verdict); !known || !same {
			errs = append(errs, fmt.Errorf("%s: %w: %s with %q, and %s is %s with %q", j.title(), errTold,
				j.Protocols, j.Risks, j.like, base.Protocols, base.Risks))
		}
	}
	return errors.Join(errs...)
}
