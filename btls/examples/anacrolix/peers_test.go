package anacrolix

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/anacrolix/torrent"
	"github.com/anacrolix/torrent/metainfo"
	"github.com/anacrolix/torrent/storage"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/certificate"
)

// size is how much is exchanged in each direction at each level.
const size = 256 << 20

// alone keeps warren from looking for peers that the test does not name.
var alone = []string{"--tls", "require", "--listen", "127.0.0.1:0", "--no-lsd", "--no-dht", "--no-portmap", "--no-trackers", "--json"}

var warrenBinary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	warrenBinary = filepath.Join(dir, "warren")
	build := exec.Command("go", "build", "-o", warrenBinary, "./cmd/warren")
	build.Dir = filepath.Join("..", "..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s\n%v\n", out, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// warren starts the program and returns its events.
func warren(t *testing.T, args ...string) *json.Decoder {
	t.Helper()
	cmd := exec.Command(warrenBinary, append(args, "--home", t.TempDir())...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tooLong := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	t.Cleanup(func() {
		tooLong.Stop()
		_ = cmd.Process.Signal(os.Interrupt) // it may have ended
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait()
	})
	return json.NewDecoder(bufio.NewReader(out))
}

// event is a line of what warren prints.
type event struct {
	Event  string   `json:"event"`
	Listen []string `json:"listen"`
	Reason string   `json:"reason"`
}

// await reads events until the one of that name.
func await(t *testing.T, events *json.Decoder, name string) event {
	t.Helper()
	var last event
	for {
		var e event
		if err := events.Decode(&e); err != nil {
			t.Fatalf("no event %q: %v; the last was %+v", name, err, last)
		}
		if last = e; e.Event == name {
			return e
		}
	}
}

// content writes what is exchanged, and returns its path.
func content(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "content.bin")
	block := make([]byte, 1<<20)
	rand.Read(block)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range size / len(block) {
		block[i]++ // no two pieces are the same
		if _, err := f.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// compare compares the content with what came of it: the one file below a
// folder, since each engine has its own idea of where it goes.
func compare(t *testing.T, path, dir string) {
	t.Helper()
	got := ""
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == filepath.Base(path) && d.Type().IsRegular() {
			got = name
		}
		return err
	})
	if err != nil || got == "" {
		t.Fatalf("nothing came: %v", err)
	}
	var read [2]*bufio.Reader
	for i, path := range []string{path, got} {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		read[i] = bufio.NewReader(f)
	}
	var one, two [1 << 20]byte
	for at := int64(0); at < size; at += int64(len(one)) {
		for i, buf := range [][]byte{one[:], two[:]} {
			if _, err := io.ReadFull(read[i], buf); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(one[:], two[:]) {
			t.Fatalf("%s differs within the MiB at %d", got, at)
		}
	}
}

// engine is a client that speaks to nobody but over TLS.
type engine struct {
	*torrent.Client
	peers *Peers
	addr  string
}

func newEngine(t *testing.T, dir string) *engine {
	t.Helper()
	cfg := torrent.NewDefaultClientConfig()
	Configure(cfg)
	cfg.Seed, cfg.NoDefaultPortForwarding, cfg.DisableTrackers = true, true, true
	// Before v1.62 it can sleep through an unchoke until it has a keepalive to write:
	// https://github.com/anacrolix/torrent/issues/1070
	cfg.KeepAliveTimeout = time.Second
	files := storage.NewFileOpts(storage.NewFileClientOpts{
		ClientBaseDir:   dir,
		PieceCompletion: storage.NewMapPieceCompletion(), // in memory: no database beside the content
	})
	t.Cleanup(func() { files.Close() })
	cfg.DefaultStorage = files
	cfg.Slogger = slog.New(slog.DiscardHandler)
	client, err := torrent.NewClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := certificate.SelfSigned(time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	peers, err := Attach(client, l, cert, http.NotFoundHandler())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); peers.Close() })
	return &engine{client, peers, l.Addr().String()}
}

// add gives a torrent file to an engine.
func (e *engine) add(t *testing.T, file string) *torrent.Torrent {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	level, secret, err := Demand(b)
	if err != nil {
		t.Fatal(err)
	}
	mi, err := metainfo.LoadFromFile(file)
	if err != nil {
		t.Fatal(err)
	}
	spec := torrent.TorrentSpecFromMetaInfo(mi)
	if err := e.peers.Add(spec, level, secret); err != nil {
		t.Fatal(err)
	}
	tor, _, err := e.AddTorrentSpec(spec)
	if err != nil {
		t.Fatal(err)
	}
	return tor
}

// share makes warren share a file at a level.
func share(t *testing.T, path, level string) (file, addr string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "content.torrent")
	args := append([]string{"share", path, "--level", level, "--torrent", file}, alone...)
	return file, await(t, warren(t, args...), "ready").Listen[0]
}

func TestExchange(t *testing.T) {
	path := content(t)
	for _, level := range []string{"basic", "strict"} {
		t.Run(level, func(t *testing.T) {
			file, addr := share(t, path, level)
			dir := t.TempDir()
			e := newEngine(t, dir)
			tor := e.add(t, file)
			tor.AddPeers([]torrent.PeerInfo{{Addr: peerAddr(addr)}})
			tor.DownloadAll()
			select {
			case <-tor.Complete().On():
			case <-time.After(time.Minute):
				t.Fatalf("fetched %d bytes", tor.BytesCompleted())
			}
			compare(t, path, dir)

			// The other way round, from what was just fetched.
			got := t.TempDir()
			args := append([]string{"get", file, "--dir", got, "--exit", "--peer", e.addr}, alone...)
			await(t, warren(t, args...), "done")
			compare(t, path, got)
		})
	}
}

// Who knows the info-hash of a strict torrent and not its secret is a visitor, to
// warren and to the engine.
func TestStrictNeedsTheSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "small.txt")
	if err := os.WriteFile(path, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, addr := share(t, path, "strict")
	e := newEngine(t, t.TempDir())
	tor := e.add(t, file)
	ih := tor.InfoHash()
	basic, err := btls.BasicKey(ih[:])
	if err != nil {
		t.Fatal(err)
	}
	for name, at := range map[string]string{"warren": addr, "the engine": e.addr} {
		raw, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := btls.Dial(t.Context(), raw, basic, btls.DialOptions{}); !errors.Is(err, btls.ErrNotPeer) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// peerAddr is a host and port as the client takes them.
type peerAddr string

func (a peerAddr) String() string { return string(a) }

// A client that was configured here has no way in or out but over TLS.
func TestNothingInClear(t *testing.T) {
	e := newEngine(t, t.TempDir())
	var spec torrent.TorrentSpec
	spec.InfoHash = metainfo.Hash{1}
	if err := e.peers.Add(&spec, btls.Basic, btls.Secret{}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := e.AddTorrentSpec(&spec); err != nil {
		t.Fatal(err)
	}
	for _, l := range e.Listeners() {
		if _, ours := l.(listener); !ours {
			t.Errorf("it listens on %s as well", l.Addr())
		}
	}
	conn, err := net.Dial("tcp", e.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	handshake := slices.Concat([]byte("\x13BitTorrent protocol"), make([]byte, 8), spec.InfoHash[:], make([]byte, 20))
	if _, err := conn.Write(handshake); err != nil {
		t.Fatal(err)
	}
	if answer, _ := io.ReadAll(conn); bytes.Contains(answer, []byte("BitTorrent")) {
		t.Errorf("it answers %q", answer)
	}
}

// The glue is short: that is what it is to show.
func TestGlueIsShort(t *testing.T) {
	b, err := os.ReadFile("peers.go")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			lines++
		}
	}
	if lines > 150 {
		t.Errorf("%d lines of code", lines)
	}
}

// What was proved for one torrent opens no other that the engine has.
func TestProofIsForOneTorrent(t *testing.T) {
	e := newEngine(t, t.TempDir())
	var one, two torrent.TorrentSpec
	one.InfoHash, two.InfoHash = metainfo.Hash{1}, metainfo.Hash{2}
	for _, spec := range []*torrent.TorrentSpec{&one, &two} {
		if err := e.peers.Add(spec, btls.Basic, btls.Secret{}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := e.AddTorrentSpec(spec); err != nil {
			t.Fatal(err)
		}
	}
	key, err := btls.BasicKey(one.InfoHash[:])
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		asked    metainfo.Hash
		answered bool
	}{{one.InfoHash, true}, {two.InfoHash, false}} {
		raw, err := net.Dial("tcp", e.addr)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := btls.Dial(t.Context(), raw, key, btls.DialOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		handshake := slices.Concat([]byte("\x13BitTorrent protocol"), make([]byte, 8), c.asked[:], make([]byte, 20))
		if _, err := conn.Write(handshake); err != nil {
			t.Fatal(err)
		}
		// The beginning is sent before the other side has said anything.
		answer, err := io.ReadAll(io.LimitReader(conn, int64(len(handshake))))
		if named := bytes.Contains(answer, c.asked[:]); named != c.answered {
			t.Errorf("asked for %v, got %q, %v", c.asked, answer, err)
		}
	}
}
