package e2e

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/peerwire"
)

// club is a share of level Full Strict.
type club struct {
	t          *testing.T
	root, home string
	port       string
	args       []string
	share      *process
	link       string
}

func found(t *testing.T, sizes map[string]int, args ...string) *club {
	t.Helper()
	c := &club{t: t, root: content(t, t.TempDir(), "for members", sizes), home: t.TempDir(), port: "127.0.0.1:" + freePort(t), args: args}
	c.begin()
	return c
}

func (c *club) begin() {
	c.t.Helper()
	c.share = start(c.t, binary, append([]string{"share", c.root, "--level", "full-strict", "--listen", c.port, "--no-lsd", "--json", "--home", c.home}, c.args...)...)
	c.share.line(60*time.Second, func(l string) bool {
		var e struct{ Event, Magnet string }
		_ = json.Unmarshal([]byte(l), &e)
		c.link = e.Magnet
		return e.Event == "ready"
	})
}

// get fetches with the link alone.
func (c *club) get(home, out string, args ...string) *process {
	c.t.Helper()
	return start(c.t, binary, append([]string{"get", c.link, "--dir", out, "--listen", "127.0.0.1:0", "--no-lsd", "--json", "--home", home}, args...)...)
}

// admitted is a line of credential list.
type admitted struct {
	Event, Serial, Label string
	Until                time.Time
	Revoked              bool
	Uses                 int
}

func (c *club) list() (members, invites []admitted) {
	c.t.Helper()
	for line := range strings.Lines(run(c.t, binary, "credential", "list", "--json", "--home", c.home)) {
		var a admitted
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			c.t.Fatal(err)
		}
		switch {
		case a.Event == "invitation":
			invites = append(invites, a)
		case a.Label != "sharer":
			members = append(members, a)
		}
	}
	return members, invites
}

// fails runs a command that must not succeed, nor go on for long.
func fails(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, binary, args...).CombinedOutput()
	if err == nil || ctx.Err() != nil {
		t.Errorf("%v: %v: %s", args, err, out)
	}
	return string(out)
}

// Two enrol with the link alone and fetch; who has all but a credential gets nothing
// from anybody; and what was given out outlives a power cut on both sides.
func TestFullStrict(t *testing.T) {
	c := found(t, layouts["multi"])
	homes, outs := []string{t.TempDir(), t.TempDir()}, []string{t.TempDir(), t.TempDir()}
	at := "127.0.0.1:" + freePort(t)
	gets := []*process{c.get(homes[0], outs[0], "--listen", at), c.get(homes[1], outs[1])}
	for i, g := range gets {
		if done := g.event(60*time.Second, "done"); done.TLSBytes < done.Total {
			t.Errorf("%d of %d bytes came over TLS", done.TLSBytes, done.Total)
		}
		same(t, c.root, filepath.Join(outs[i], "for members"))
	}
	members, invites := c.list()
	if len(members) != 2 || len(invites) != 1 || invites[0].Uses != 98 {
		t.Errorf("members %+v, invitations %+v", members, invites)
	}
	withoutCredential(t, c)

	c.share.kill()
	gets[1].kill()
	without := t.TempDir() // without the share
	c.get(homes[1], without, "--exit", "--peer", at).event(60*time.Second, "done")
	same(t, c.root, filepath.Join(without, "for members"))
	gets[0].kill()
	before := c.link
	c.begin()
	if c.link != before {
		t.Errorf("the link was %s and is %s", before, c.link)
	}
	again := t.TempDir()
	g := c.get(homes[0], again, "--exit")
	g.event(60*time.Second, "done")
	same(t, c.root, filepath.Join(again, "for members"))
	if after, invites := c.list(); len(after) != 2 || invites[0].Uses != 98 {
		t.Errorf("a restart has enrolled again: %+v, %+v", after, invites)
	}
}

// withoutCredential speaks to the share as somebody who knows its link, and whom
// nobody has admitted.
func withoutCredential(t *testing.T, c *club) {
	t.Helper()
	m, err := magnet.Parse(c.link)
	if err != nil {
		t.Fatal(err)
	}
	k, err := btls.DeriveKey(btls.FullStrict, btls.Secret(m.TLS.Secret), m.Hashes.V2[:])
	if err != nil {
		t.Fatal(err)
	}
	raw, err := net.Dial("tcp", c.port)
	if err != nil {
		t.Fatal(err)
	}
	nc, err := btls.Dial(t.Context(), raw, k, btls.DialOptions{Pin: m.TLS.Pins[0]})
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	seed := bytes.Repeat([]byte{7}, 32)
	hello := forged(t, k, seed, nc.Binding())
	if _, err := nc.Write(peerwire.Handshake{InfoHash: [20]byte(m.Hashes.V2[:20])}.Append(hello)); err != nil {
		t.Fatal(err)
	}
	_ = nc.SetReadDeadline(time.Now().Add(20 * time.Second))
	if got, _ := io.ReadAll(nc); len(got) != credential.FrameSize {
		t.Errorf("%d bytes came back, want the %d of a frame", len(got), credential.FrameSize)
	}
	m.TLS.Invite = nil
	out := fails(t, "get", m.String(), "--dir", t.TempDir(), "--listen", "127.0.0.1:0", "--no-lsd", "--exit", "--home", t.TempDir())
	if !strings.Contains(out, "not admitted") {
		t.Errorf("without an invitation: %s", out)
	}
	m.TLS.Pins = [][32]byte{{1}}
	out = fails(t, "get", m.String(), "--dir", t.TempDir(), "--listen", "127.0.0.1:0", "--no-lsd", "--exit", "--home", t.TempDir())
	if !strings.Contains(out, "public key is not a pinned one") {
		t.Errorf("at somebody else: %s", out)
	}
}

// Who comes before the share is there enrols when it is.
func TestFullStrictEarly(t *testing.T) {
	c := found(t, layouts["single"])
	c.share.kill()
	out := t.TempDir()
	g := c.get(t.TempDir(), out, "--exit")
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(g.log(), "connection refused; trying again"); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it says: %s", g.log())
		}
	}
	c.begin()
	g.event(60*time.Second, "done")
	same(t, c.root, filepath.Join(out, "for members"))
}

// forged returns the frame of a peer that has admitted itself.
func forged(t *testing.T, k btls.Key, seed []byte, binding [32]byte) []byte {
	t.Helper()
	key := ed25519.NewKeyFromSeed(seed)
	own := credential.NewAuthority([32]byte(seed))
	cred, err := own.Issue(k.CredentialID(), own.Public(), time.Now(), time.Now().Add(time.Hour), nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := credential.NewMember(key, cred)
	if err != nil {
		t.Fatal(err)
	}
	f, err := m.Frame(credential.Client, binding, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f[:]
}

// Who is revoked is disconnected while he fetches, and does not come back; others go
// on.
func TestFullStrictRevoked(t *testing.T) {
	t.Parallel()
	c := found(t, map[string]int{"a": 30_000_000}, "--limit-up", "1MB")
	home := t.TempDir()
	g := c.get(home, t.TempDir())
	g.line(60*time.Second, func(l string) bool {
		return strings.Contains(l, `"state":"downloading"`) && strings.Contains(l, `"peers":1`)
	})
	members, _ := c.list()
	if len(members) != 1 {
		t.Fatalf("%+v", members)
	}
	bob := strings.TrimSpace(run(t, binary, "credential", "invite", "--label", "bob", "--home", c.home))
	run(t, binary, "credential", "revoke", members[0].Serial, "--home", c.home)
	g.line(30*time.Second, func(l string) bool { return strings.Contains(l, `"peers":0`) })
	if e := g.event(30*time.Second, "progress"); e.Bytes >= e.Total {
		t.Errorf("it has fetched on: %+v", e)
	}
	g.kill()
	out := fails(t, "get", c.link, "--dir", t.TempDir(), "--listen", "127.0.0.1:0", "--no-lsd", "--exit", "--home", t.TempDir())
	if !strings.Contains(out, "not admitted") {
		t.Errorf("by the invitation that was withdrawn: %s", out)
	}
	late := c.get(home, t.TempDir())
	late.line(30*time.Second, func(l string) bool { return strings.Contains(l, `"event":"progress"`) })
	time.Sleep(3 * time.Second)
	if e := late.event(30*time.Second, "progress"); e.Received > 0 {
		t.Errorf("with the credential that was revoked %d bytes came", e.Received)
	}
	if !strings.Contains(late.log(), "revoked") {
		t.Errorf("it says: %s", late.log())
	}
	late.kill()
	c.link = bob
	g = c.get(t.TempDir(), t.TempDir())
	g.line(60*time.Second, func(l string) bool {
		return strings.Contains(l, `"state":"downloading"`) && strings.Contains(l, `"peers":1`)
	})
}

// Credentials are renewed while they are used, and who comes back with one that has
// expired enrols anew.
func TestFullStrictRenewal(t *testing.T) {
	t.Parallel()
	c := found(t, layouts["single"], "--lifetime", "9s")
	home := t.TempDir()
	g := c.get(home, t.TempDir())
	g.event(60*time.Second, "done")
	await := func(what string, enough func([]admitted) bool) {
		t.Helper()
		for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(200 * time.Millisecond) {
			members, _ := c.list()
			if enough(members) {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("%s: %+v", what, members)
			}
		}
	}
	await("no third credential", func(list []admitted) bool { return len(list) >= 3 })
	if _, invites := c.list(); invites[0].Uses != 99 {
		t.Errorf("%d uses left", invites[0].Uses)
	}
	c.get(t.TempDir(), t.TempDir(), "--exit").event(60*time.Second, "done")
	g.kill()
	await("nothing expires", func(list []admitted) bool { // also by a clock that is late
		return !slices.ContainsFunc(list, func(a admitted) bool { return time.Now().Before(a.Until.Add(2 * time.Second)) })
	})
	c.get(home, t.TempDir(), "--exit").event(60*time.Second, "done")
	if _, invites := c.list(); invites[0].Uses != 97 {
		t.Errorf("%d uses left", invites[0].Uses)
	}
}

// enrolWithOpenSSL asks for what admits, as openssl and any HTTP client would, and returns it
// and the file with the key.
func enrolWithOpenSSL(t *testing.T, demand *metainfo.TLS, algorithm ...string) (got []byte, key string) {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed (apt-get install openssl)")
	}
	dir := t.TempDir()
	key, request := filepath.Join(dir, "key.pem"), filepath.Join(dir, "request.der")
	run(t, "openssl", append([]string{"genpkey", "-out", key}, algorithm...)...)
	run(t, "openssl", "req", "-new", "-key", key, "-subj", "/CN=nobody", "-outform", "DER", "-out", request)
	der, err := os.ReadFile(request)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, demand.Enrol, bytes.NewReader(der))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/pkcs10")
	r.Header.Set("Authorization", "Bearer "+base64.RawURLEncoding.EncodeToString(demand.Invite))
	tr := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}
	defer tr.CloseIdleConnections()
	resp, err := tr.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err = io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %q, %v", resp.Status, got, err)
	}
	return got, key
}

// A program of others enrols with what openssl makes.
func TestFullStrictOpenSSL(t *testing.T) {
	c := found(t, layouts["single"])
	m, err := magnet.Parse(c.link)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := enrolWithOpenSSL(t, m.TLS, "-algorithm", "ed25519")
	got, err := credential.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	k, err := btls.DeriveKey(btls.FullStrict, btls.Secret(m.TLS.Secret), m.Hashes.V2[:])
	if err != nil {
		t.Fatal(err)
	}
	v := credential.Verifier{Authority: [32]byte(m.TLS.Authority), For: k.CredentialID(), Clock: now{}}
	if err := v.Check(got); err != nil {
		t.Error(err)
	}
}

// An SSL torrent enrols warren by itself, and libtorrent with what openssl makes.
func TestFullStrictCompatible(t *testing.T) {
	needLibtorrent(t)
	torrent := filepath.Join(t.TempDir(), "t.torrent")
	c := found(t, layouts["multi"], "--compatible", "--torrent", torrent)
	out := t.TempDir()
	get := start(t, binary, "get", torrent, "--peer", c.port, "--dir", out, "--listen", "127.0.0.1:0", "--no-lsd", "--exit", "--json", "--home", t.TempDir())
	get.event(60*time.Second, "done")
	same(t, c.root, filepath.Join(out, "for members"))

	b, err := os.ReadFile(torrent)
	if err != nil {
		t.Fatal(err)
	}
	m, err := metainfo.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	leaf, key := enrolWithOpenSSL(t, m.TLS, "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
	own := filepath.Join(t.TempDir(), "own.pem")
	if err := os.WriteFile(own, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf}), 0o600); err != nil {
		t.Fatal(err)
	}
	theirs := t.TempDir()
	other := start(t, python, "testdata/node.py", "get", torrent, theirs, "ssl:"+own+":"+key, c.port)
	other.line(60*time.Second, func(l string) bool { return l == "done" })
	same(t, c.root, filepath.Join(theirs, "for members"))
	if members, _ := c.list(); len(members) != 2 {
		t.Errorf("%+v", members)
	}
}

type now struct{}

func (now) Now() time.Time { return time.Now() }
