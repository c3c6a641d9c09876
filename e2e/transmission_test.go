package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/compat/shape"
	"github.com/warren-p2p/warren/internal/compat/transmission/conformance"
)

// realShapes is what Debian's transmission-daemon answered when it was last
// recorded; WARREN_RECORD=1 records it anew.
const realShapes = "../internal/compat/transmission/conformance/testdata/transmission-3.00.txt"

// TestTransmissionRecorded asks Debian's daemon for all of its RPC: what is
// recorded of it, and held against warren by unit tests, is what it answers.
func TestTransmissionRecorded(t *testing.T) {
	rpc := startTransmission(t)
	got, err := conformance.Run(t.Context(), rpc.setting(t), conformance.Classic())
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("WARREN_RECORD") != "" {
		if err := os.WriteFile(realShapes, got.Encode(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	recorded, err := os.ReadFile(realShapes)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Encode(), recorded) {
		want, err := shape.Decode(recorded)
		if err != nil {
			t.Fatal(err)
		}
		t.Errorf("it answers otherwise now:\nnot any more:\n%s\nnew:\n%s",
			strings.Join(want.Missing(got), "\n"), strings.Join(got.Missing(want), "\n"))
	}
}

// rpcServer is a program that speaks Transmission's RPC.
type rpcServer struct {
	url, peers string // the RPC, and where peers are let in
	dir        string // where content lands
}

func startTransmission(t *testing.T) rpcServer {
	t.Helper()
	if _, err := exec.LookPath("transmission-daemon"); err != nil {
		t.Skip("transmission-daemon is not installed (apt-get install transmission-daemon)")
	}
	state, dir := t.TempDir(), t.TempDir()
	peers, rpc := freePort(t), freePort(t)
	settings, err := json.Marshal(map[string]any{
		"rpc-bind-address": "127.0.0.1", "rpc-port": json.Number(rpc), "rpc-whitelist-enabled": false,
		"bind-address-ipv4": "127.0.0.1", "peer-port": json.Number(peers), "download-dir": dir,
		"dht-enabled": false, "lpd-enabled": false, "pex-enabled": false, "utp-enabled": false, "port-forwarding-enabled": false,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(state, "settings.json"), settings, 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, "transmission-daemon", "-f", "-g", state, "--log-error")
	s := rpcServer{url: "http://127.0.0.1:" + rpc + "/transmission/rpc", peers: "127.0.0.1:" + peers, dir: dir}
	s.await(t)
	return s
}

// startWarren runs a node.
func startWarren(t *testing.T, flags ...string) rpcServer {
	t.Helper()
	home, dir, rpc, peers := t.TempDir(), t.TempDir(), freePort(t), freePort(t)
	// What stands in the file can be changed while the node runs; what the environment
	// says cannot.
	config := fmt.Sprintf("listen = %q\nmanagement.listen = %q\npaths.download = %q\npeers = { dht = false, lsd = false, portmap = false }\n",
		"127.0.0.1:"+peers, "127.0.0.1:"+rpc, dir)
	if err := os.WriteFile(filepath.Join(home, "config.toml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, "env", append([]string{"-u", "WARREN_NO_DHT", "-u", "WARREN_NO_PORTMAP", binary, "run", "--home", home}, flags...)...)
	s := rpcServer{url: "http://127.0.0.1:" + rpc + "/transmission/rpc", peers: "127.0.0.1:" + peers, dir: dir}
	s.await(t)
	return s
}

// address is where it is, as transmission-remote wants it.
func (s rpcServer) address() string {
	return strings.TrimSuffix(strings.TrimPrefix(s.url, "http://"), "/transmission/rpc")
}

func hexOf(hash [20]byte) string { return hex.EncodeToString(hash[:]) }

// TestTransmissionNothingIsMissing asks a node that runs for all of the RPC: nothing is
// missing that Debian's daemon has answered, and nothing is of another type.
func TestTransmissionNothingIsMissing(t *testing.T) {
	recorded, err := os.ReadFile(realShapes)
	if err != nil {
		t.Fatal(err)
	}
	want, err := shape.Decode(recorded)
	if err != nil {
		t.Fatal(err)
	}
	got, err := conformance.Run(t.Context(), startWarren(t).setting(t), conformance.Classic())
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range want.Missing(got) {
		t.Error(line)
	}
}

// await waits until the RPC answers.
func (s rpcServer) await(t *testing.T) {
	t.Helper()
	for range 300 {
		if r, err := http.Get(s.url); err == nil {
			_ = r.Body.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("nothing answers at %s", s.url)
}

// setting lays out what the script wants to find.
func (s rpcServer) setting(t *testing.T) conformance.Setting {
	t.Helper()
	seed, seedHash := multiFile(t, s.dir, "seed", "")
	lacking, _ := multiFile(t, t.TempDir(), "lacking", "http://127.0.0.1:9/")
	third, _ := multiFile(t, t.TempDir(), "third", "")
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/third.torrent":
			_, _ = w.Write(third)
		case "/blocklist":
			_, _ = w.Write([]byte("bad people:6.6.6.0-6.6.6.255\n"))
		case "/announce":
			_, _ = w.Write([]byte("d8:completei1e10:incompletei2e8:intervali1800e5:peers0:e"))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(web.Close)
	return conformance.Setting{
		Client: &conformance.Client{URL: s.url, Do: http.DefaultClient.Do},
		Dir:    s.dir, Other: t.TempDir(),
		Seed: base64.StdEncoding.EncodeToString(seed), SeedHash: hexOf(seedHash),
		Lacking: base64.StdEncoding.EncodeToString(lacking),
		Magnet:  "magnet:?xt=urn:btih:00112233445566778899aabbccddeeff00112233&dn=linked&tr=" + web.URL + "/announce",
		Torrent: web.URL + "/third.torrent", Blocklist: web.URL + "/blocklist", Tracker: web.URL + "/announce",
		Visit: func(ctx context.Context) error {
			var d net.Dialer
			conn, err := d.DialContext(ctx, "tcp", s.peers)
			if err != nil {
				return err
			}
			v, err := conformance.Visit(conn, seedHash)
			if err != nil {
				return err
			}
			t.Cleanup(func() { _ = v.Close() })
			return nil
		},
		Pause: func(context.Context) error { time.Sleep(50 * time.Millisecond); return nil },
	}
}

// multiFile makes three files in a folder below dir and a torrent of version 1
// of them, and returns it with its info-hash.
func multiFile(t *testing.T, dir, name, webSeed string) ([]byte, [20]byte) {
	t.Helper()
	var content, files []byte
	if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
		t.Fatal(err)
	}
	for i, size := range []int{70000, 30000, 60000} {
		part := make([]byte, size)
		_, _ = rand.Read(part)
		content = append(content, part...)
		files = fmt.Appendf(files, "d6:lengthi%de4:pathl5:%d.binee", size, i)
		if err := os.WriteFile(filepath.Join(dir, name, fmt.Sprintf("%d.bin", i)), part, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	info, hash := infoDictionary(name, files, content)
	torrent := fmt.Appendf(nil, "d8:announce35:http://127.0.0.1:9/torrent/announce7:comment4:what10:created by4:test13:creation datei1700000000e4:info%s", info)
	if webSeed != "" {
		torrent = fmt.Appendf(torrent, "8:url-list%d:%s", len(webSeed), webSeed)
	}
	return append(torrent, 'e'), hash
}

// infoDictionary returns one of version 1, and its hash.
func infoDictionary(name string, files, content []byte) ([]byte, [20]byte) {
	const pieceLength = 16384
	var pieces []byte
	for len(content) > 0 {
		n := min(pieceLength, len(content))
		sum := sha1.Sum(content[:n])
		pieces, content = append(pieces, sum[:]...), content[n:]
	}
	info := fmt.Appendf(nil, "d5:filesl%se4:name%d:%s12:piece lengthi%de6:pieces%d:%se", files, len(name), name, pieceLength, len(pieces), pieces)
	return info, sha1.Sum(info)
}
