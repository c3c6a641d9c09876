package credential

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type fixed time.Time

func (f fixed) Now() time.Time { return time.Time(f) }

// vectors is testdata/vectors.json, which another implementation made.
type vectors struct {
	AuthoritySeed string `json:"authority_seed"`
	Authority     string
	PeerSeed      string `json:"peer_seed"`
	Peer          string
	T, B, Serial  string
	NotBefore     int64 `json:"not_before"`
	NotAfter      int64 `json:"not_after"`
	Padding       string
	Credential    string
	Frames        []struct {
		Name, Frame, Result string
		Role                Role
		Now                 int64
		Revoked             []string
	}
	Revocations []struct {
		Name, List, Result string
		Number, Least      uint64
		Serials            []string
	}
}

func load(t testing.TB) (v vectors) {
	t.Helper()
	b, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Frames) < 10 || len(v.Revocations) < 5 {
		t.Fatal("vectors are missing")
	}
	return v
}

func raw(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func result(t testing.TB, name string) error {
	t.Helper()
	e, ok := map[string]error{
		"ok": nil, "malformed": ErrMalformed, "authority": ErrAuthority, "torrent": ErrTorrent, "not yet": ErrNotYet,
		"expired": ErrExpired, "revoked": ErrRevoked, "channel": ErrChannel, "old": ErrOld,
	}[name]
	if !ok {
		t.Fatalf("no such result: %q", name)
	}
	return e
}

// What another implementation made is what this one makes.
func TestVectors(t *testing.T) {
	v := load(t)
	a := NewAuthority([32]byte(raw(t, v.AuthoritySeed)))
	key := ed25519.NewKeyFromSeed(raw(t, v.PeerSeed))
	id, binding := [32]byte(raw(t, v.T)), [32]byte(raw(t, v.B))
	if got := a.Public(); hex.EncodeToString(got[:]) != v.Authority {
		t.Errorf("authority %x", got)
	}
	c, err := a.Issue(id, [32]byte(raw(t, v.Peer)), time.Unix(v.NotBefore, 0), time.Unix(v.NotAfter, 0), bytes.NewReader(raw(t, v.Serial)))
	if err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(c.Append(nil)); got != v.Credential {
		t.Errorf("credential %s", got)
	}
	m, err := NewMember(key, c)
	if err != nil {
		t.Fatal(err)
	}
	for i, role := range []Role{Server, Client} { // the first two frames
		f, err := m.Frame(role, binding, bytes.NewReader(raw(t, v.Padding)))
		if err != nil || hex.EncodeToString(f[:]) != v.Frames[i].Frame {
			t.Errorf("frame of role %d: %x, %v", role, f, err)
		}
	}
	for _, f := range v.Frames {
		verifier := Verifier{Authority: a.Public(), For: id, Clock: fixed(time.Unix(f.Now, 0)), Revoked: func(s Serial) bool {
			return slices.Contains(f.Revoked, s.String())
		}}
		if _, err := verifier.CheckFrame([FrameSize]byte(raw(t, f.Frame)), f.Role, binding); !errors.Is(err, result(t, f.Result)) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

func TestVectorsOfRevocations(t *testing.T) {
	v := load(t)
	a := NewAuthority([32]byte(raw(t, v.AuthoritySeed)))
	id := [32]byte(raw(t, v.T))
	for _, c := range v.Revocations {
		r, err := ParseRevocations(raw(t, c.List))
		if err == nil {
			err = r.Check(a.Public(), id, c.Least)
		}
		if !errors.Is(err, result(t, c.Result)) {
			t.Errorf("%s: %v", c.Name, err)
		}
		if c.Result != "ok" {
			continue
		}
		var serials []Serial
		for _, s := range c.Serials {
			one, err := ParseSerial(s)
			if err != nil || !r.Has(one) {
				t.Errorf("%s: %s is not on it: %v", c.Name, s, err)
			}
			serials = append(serials, one)
		}
		if r.Has(Serial{1}) {
			t.Errorf("%s: what is not on it is", c.Name)
		}
		slices.Reverse(serials)
		made, err := a.Revoke(id, c.Number, r.Signed, append(serials, serials...))
		if err != nil || hex.EncodeToString(made.Append(nil)) != c.List {
			t.Errorf("%s: %x, %v", c.Name, made.Append(nil), err)
		}
	}
}

func newMember(t testing.TB, a *Authority, id [32]byte, name string, from, to time.Time) *Member {
	t.Helper()
	seed := sha256.Sum256([]byte(name))
	key := ed25519.NewKeyFromSeed(seed[:])
	c, err := a.Issue(id, [32]byte(key.Public().(ed25519.PublicKey)), from, to, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := NewMember(key, c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A credential that lasts for seconds is not good for minutes because clocks may
// differ.
func TestSkew(t *testing.T) {
	a, start := NewAuthority([32]byte{1}), time.Unix(1_800_000_000, 0)
	c := newMember(t, a, [32]byte{2}, "peer", start, start.Add(10*time.Second)).Credential()
	for seconds, want := range map[int]error{-2: ErrNotYet, -1: nil, 0: nil, 10: nil, 11: nil, 12: ErrExpired} {
		v := Verifier{Authority: a.Public(), For: [32]byte{2}, Clock: fixed(start.Add(time.Duration(seconds) * time.Second))}
		if err := v.Check(c); !errors.Is(err, want) {
			t.Errorf("after %d s: %v", seconds, err)
		}
	}
	if got := c.Due(); got.Sub(start).Truncate(time.Second) != 6*time.Second {
		t.Errorf("to be renewed after %v", got.Sub(start))
	}
}

func TestIssueRefuses(t *testing.T) {
	a, start := NewAuthority([32]byte{1}), time.Unix(1_800_000_000, 0)
	for _, c := range [][2]time.Time{
		{start, start.Add(-time.Second)}, {time.Unix(-1, 0), start}, {start, time.Unix(maxTime+1, 0)},
	} {
		if _, err := a.Issue([32]byte{}, [32]byte{}, c[0], c[1], nil); !errors.Is(err, ErrMalformed) {
			t.Errorf("%v: %v", c, err)
		}
	}
	if _, err := a.Issue([32]byte{}, [32]byte{}, start, start, bytes.NewReader(nil)); err == nil {
		t.Error("a serial number came from nowhere")
	}
	many := make([]Serial, MaxRevoked+1)
	for i := range many {
		many[i][0], many[i][1] = byte(i), byte(i>>8)
	}
	if _, err := a.Revoke([32]byte{}, 1, start, many); !errors.Is(err, ErrMalformed) {
		t.Errorf("a list that nobody would read: %v", err)
	}
	if r, err := a.Revoke([32]byte{}, 1, start, many[1:]); err != nil || len(r.Append(nil)) != MaxRevocationsSize {
		t.Errorf("the longest list: %d bytes, %v", len(r.Append(nil)), err)
	}
	m := newMember(t, a, [32]byte{}, "peer", start, start)
	if _, err := NewMember(ed25519.NewKeyFromSeed(make([]byte, 32)), m.Credential()); !errors.Is(err, ErrKey) {
		t.Errorf("another key: %v", err)
	}
	if _, err := NewMember(nil, m.Credential()); !errors.Is(err, ErrKey) {
		t.Errorf("no key: %v", err)
	}
}

func TestSerial(t *testing.T) {
	for _, text := range []string{"", "00", "zz", "00112233445566778899aabbccddeeff00"} {
		if _, err := ParseSerial(text); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Keys are in no log.
func TestKeysAreRedacted(t *testing.T) {
	a := NewAuthority([32]byte{1})
	m := newMember(t, a, [32]byte{}, "peer", time.Unix(0, 0), time.Unix(1, 0))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		if got := fmt.Sprintf(verb, a); got != a.String() {
			t.Errorf("%s: %s", verb, got)
		}
		if got := fmt.Sprintf(verb, m); got != m.String() {
			t.Errorf("%s: %s", verb, got)
		}
	}
	if a.LogValue().String() != a.String() || m.LogValue().String() != m.String() {
		t.Error("logs show more")
	}
	if NewAuthority(a.Seed()).Public() != a.Public() {
		t.Error("another authority has the seed")
	}
}

func FuzzCredential(f *testing.F) {
	v := load(f)
	f.Add(raw(f, v.Credential))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Parse(b)
		if err != nil {
			return
		}
		if got := c.Append(nil); !bytes.Equal(got, b) {
			t.Errorf("%x is read as %x", b, got)
		}
		if d := c.Due(); d.Before(c.NotBefore) || d.After(c.NotAfter) {
			t.Errorf("to be renewed at %v, valid from %v to %v", d, c.NotBefore, c.NotAfter)
		}
	})
}

// Of all frames none counts but those that a peer with a credential made: what
// differs from a vector in one bit before the padding is refused.
func FuzzFrame(f *testing.F) {
	v := load(f)
	authority, id, binding := [32]byte(raw(f, v.Authority)), [32]byte(raw(f, v.T)), [32]byte(raw(f, v.B))
	known := map[string]bool{}
	for _, c := range v.Frames {
		f.Add(raw(f, c.Frame))
		known[c.Frame[:2*paddingAt]] = true
	}
	verifier := Verifier{Authority: authority, For: id, Clock: fixed(time.Unix(v.NotBefore, 0))}
	f.Fuzz(func(t *testing.T, b []byte) {
		var frame [FrameSize]byte
		copy(frame[:], b)
		for _, role := range []Role{Client, Server} {
			if _, err := verifier.CheckFrame(frame, role, binding); err == nil && !known[hex.EncodeToString(frame[:paddingAt])] {
				t.Errorf("%x counts", frame)
			}
		}
	})
}

func FuzzRevocations(f *testing.F) {
	for _, c := range load(f).Revocations {
		f.Add(raw(f, c.List))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ParseRevocations(b)
		if err != nil {
			return
		}
		if diff := cmp.Diff(r.Append(nil), b); diff != "" {
			t.Errorf("it is written otherwise: %s", diff)
		}
		for _, s := range r.Serials {
			if !r.Has(s) {
				t.Errorf("%v is not found", s)
			}
		}
	})
}
