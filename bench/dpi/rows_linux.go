package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
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
	like  string
	fewer bool
	visit bool // a page is fetched, no torrent
	server,
	client process.Command
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
	rows := []row{
		d.libtorrent("libtorrent, plain", "plain", "plain.torrent"),
		d.libtorrent("libtorrent, MSE with RC4", "rc4", "plain.torrent"),
		d.libtorrent("libtorrent, SSL torrent", "ssl", "ssl.torrent"),
		d.transfer("warren, plain", peerPort, "off"),
	}
	for _, port := range []string{peerPort, webPort} {
		visit := d.chromium("Chromium, page", port, "", false)
		socket := d.chromium("Chromium, WebSocket", port, "", true)
		basic := d.transfer("warren, Basic", port, "require")
		basic.ours, basic.like, basic.fewer = true, socket.title(), true
		rows = append(rows, visit, socket, basic)
	}
	return append(rows, d.chromium("Chromium, WebSocket", webPort, siteName, true)), nil
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
		client: traffic.Python(d.script, env, "get", d.space.Join(torrent), d.space.Join("get"), net.JoinHostPort(traffic.ClientHost(), peerPort), mode, at),
	}
}

// transfer is one between two of ours.
func (d *dpi) transfer(name, port, tls string) row {
	return row{
		name: name, port: port, torrent: "plain.torrent",
		server: d.share(port, "plain.torrent", "--tls", tls),
		client: d.command("get", "plain.torrent", "get", "--peer", net.JoinHostPort(traffic.ServerHost, port), "--exit", "--tls", tls),
	}
}

func (d *dpi) share(port, torrent string, args ...string) process.Command {
	return d.command("share", torrent, "seed", append([]string{"--listen", net.JoinHostPort(traffic.ServerHost, port)}, args...)...)
}

func (d *dpi) command(verb, torrent, dir string, args ...string) process.Command {
	common := []string{d.warren, verb, d.space.Join(torrent), "--dir", d.space.Join(dir), "--home", d.space.Join("home-" + verb),
		"--json", "--no-lsd", "--no-dht", "--no-portmap", "--utp", "off"}
	return process.Command{Args: append(common, args...), Said: said}
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
		client: process.Command{Args: []string{"chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
			"--user-data-dir=" + d.space.Join("chromium"), "--ignore-certificate-errors", "--explicitly-allowed-ports=" + peerPort,
			"--host-resolver-rules=MAP " + siteName + " " + traffic.ServerHost, "--timeout=2000", "--dump-dom", target},
			Env: []string{"HOME=" + d.space.Path}},
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
