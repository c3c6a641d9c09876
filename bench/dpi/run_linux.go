package main

import (
	"context"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path"
	"strings"
	"syscall"
	"time"

	"github.com/warren-p2p/warren/bench/internal/procfs"
	"github.com/warren-p2p/warren/bench/internal/traffic"
	"github.com/warren-p2p/warren/bench/internal/verdict"
	"github.com/warren-p2p/warren/bench/internal/workspace"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
)

// fileName is what is transferred. It occurs nowhere else.
const fileName = "minutes-of-the-quiet-club.bin"

// retries is how often a visit is made again that came to nothing: on a busy machine
// Chromium may end before its WebSocket has begun.
const retries = 5

// dpi is one run.
type dpi struct {
	warren, script, docs string
	size                 int64
	within               time.Duration

	space *workspace.Space
	proc  procfs.FS
}

func run(args []string) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var d dpi
	var shm string
	f := flag.NewFlagSet("dpi", flag.ContinueOnError)
	f.StringVar(&d.warren, "warren", "bin/warren", "warren's binary")
	f.StringVar(&d.script, "node", "bench/dpi/node.py", "the script that runs libtorrent")
	f.StringVar(&d.docs, "docs", "docs", "directory of dpi.md")
	f.StringVar(&shm, "shm", workspace.Shm, "a tmpfs to work in")
	f.Int64Var(&d.size, "size", 4, "content of a transfer, MiB")
	f.DurationVar(&d.within, "timeout", time.Minute, "the longest an exchange may take")
	if err := f.Parse(args); err != nil {
		return err
	}
	if err := d.ready(); err != nil {
		return err
	}
	if d.proc, err = procfs.Open(); err != nil {
		return err
	}
	defer d.proc.Close()
	if d.space, err = workspace.New(shm); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.space.Close()) }()
	rows, err := d.rows(ctx)
	if err != nil {
		return err
	}
	var judged []judgement
	for _, r := range rows {
		fmt.Fprintln(os.Stderr, "dpi:", r.name)
		v, err := d.judge(ctx, r)
		for range retries {
			if !r.visit || !errors.Is(err, verdict.ErrNothing) {
				break
			}
			v, err = d.judge(ctx, r)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		judged = append(judged, judgement{r, v})
	}
	page := document(judged, versions())
	fmt.Print(page)
	docs, err := vfs.OpenDir(d.docs)
	if err != nil {
		return fmt.Errorf("open the documentation directory: %w", err)
	}
	defer docs.Close()
	if err := vfs.WriteFileAtomic(docs, "dpi.md", []byte(page), 0o644); err != nil {
		return fmt.Errorf("write dpi.md: %w", err)
	}
	return check(judged)
}

var errNeeds = errors.New("cannot watch")

// ready names everything that is missing at once.
func (d *dpi) ready() error {
	if os.Geteuid() != 0 {
		return fmt.Errorf("%w: only root may make network namespaces", errNeeds)
	}
	var missing []string
	for _, n := range [][2]string{{"ip", "iproute2"}, {"tcpdump", "tcpdump"}, {"ndpiReader", "libndpi-bin"}, {"tshark", "tshark"},
		{"chromium", "chromium"}, {"openssl", "openssl"}, {d.warren, "make build"}} {
		if _, err := exec.LookPath(n[0]); err != nil {
			missing = append(missing, n[0]+" ("+n[1]+")")
		}
	}
	if err := exec.Command("/usr/bin/python3", "-c", "import libtorrent").Run(); err != nil {
		missing = append(missing, "libtorrent (python3-libtorrent)")
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: missing %s", errNeeds, strings.Join(missing, ", "))
	}
	for _, p := range []*string{&d.warren, &d.script} {
		at, err := absolute(*p)
		if err != nil {
			return err
		}
		*p = at
	}
	return nil
}

func absolute(p string) (string, error) {
	if path.IsAbs(p) {
		return p, nil
	}
	wd, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find %s: %w", p, err)
	}
	return path.Join(wd, p), nil
}

// judge records what a row is about and looks at it.
func (d *dpi) judge(ctx context.Context, r row) (verdict.Verdict, error) {
	// Who fetches has met nobody before.
	if err := errors.Join(d.space.Clear("home-get"), d.space.Clear("get"), d.space.MkdirAll("get", 0o755)); err != nil {
		return verdict.Verdict{}, err
	}
	capture := d.space.Join("capture.pcap")
	x := traffic.Exchange{Server: r.server, Client: r.client, Within: d.within, Hosts: d.space.Join("hosts")}
	printed, err := traffic.Record(ctx, x, capture, d.proc)
	if err != nil {
		return verdict.Verdict{}, err
	}
	if r.visit {
		if !strings.Contains(printed, "</html>") {
			return verdict.Verdict{}, fmt.Errorf("%w: Chromium got no page: %q", errNeeds, printed)
		}
	} else if err := d.space.Compare(ctx, "seed/"+fileName, "get/"+fileName); err != nil {
		return verdict.Verdict{}, err
	}
	secrets, err := d.secrets(r.torrent)
	if err != nil {
		return verdict.Verdict{}, err
	}
	return verdict.Look(ctx, capture, traffic.ServerHost+":"+r.port, secrets)
}

// secrets are what nobody on the path should see of a torrent.
func (d *dpi) secrets(torrent string) (map[string][]byte, error) {
	b, err := d.read(torrent, 1<<20)
	if err != nil {
		return nil, err
	}
	m, err := metainfo.Parse(b)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", torrent, err)
	}
	content, err := d.read("seed/"+fileName, 64)
	if err != nil {
		return nil, err
	}
	h := m.Hashes()
	s := map[string][]byte{
		"the word BitTorrent": []byte("BitTorrent"), "the file's name": []byte(fileName), "the content": content,
		"a peer id": []byte("-WN0"), "a peer id of libtorrent": []byte("-LT20"),
	}
	for name, hash := range map[string][]byte{"the info-hash": h.V1[:], "the info-hash of version 2": h.V2[:20]} {
		s[name] = hash
		s[name+" in hex"] = []byte(hex.EncodeToString(hash))
		s[name+" in base32"] = []byte(base32.StdEncoding.EncodeToString(hash))
	}
	return s, nil
}

// read returns up to n bytes of a file of the space.
func (d *dpi) read(name string, n int) (b []byte, err error) {
	f, err := d.space.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	b = make([]byte, n)
	n, err = f.ReadAt(b, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return b[:n], nil
}

// versions are those of what took part.
func versions() []string {
	var all []string
	for _, p := range []string{"libndpi-bin", "tshark", "chromium", "python3-libtorrent"} {
		v, err := exec.Command("dpkg-query", "-W", "-f", "${Package} ${Version}", p).Output()
		if err != nil {
			v = []byte(p + " of unknown version")
		}
		all = append(all, string(v))
	}
	return append(all, "made on "+clock.System{}.Now().UTC().Format(time.DateOnly))
}
