package mse

import (
	"bytes"
	"context"
	"crypto/rc4"
	"crypto/sha1"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var keys = [][20]byte{{1}, {2}, {3}}

// pair runs both sides over TCP.
func pair(t testing.TB, skey [20]byte, offer Method) (dialled, accepted *Conn, hash [20]byte, errs [2]error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var wg sync.WaitGroup
	wg.Go(func() {
		raw, err := l.Accept()
		if err != nil {
			errs[1] = err
			return
		}
		accepted, hash, errs[1] = Receive(t.Context(), raw, slices.Values(keys))
	})
	raw, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	dialled, errs[0] = Initiate(t.Context(), raw, skey, offer)
	wg.Wait()
	return dialled, accepted, hash, errs
}

func TestHandshake(t *testing.T) {
	for _, c := range []struct {
		name        string
		offer, want Method
	}{{"RC4", RC4, RC4}, {"both", RC4 | Plaintext, RC4}, {"plaintext", Plaintext, Plaintext}} {
		t.Run(c.name, func(t *testing.T) {
			a, b, hash, errs := pair(t, keys[1], c.offer)
			if err := errors.Join(errs[:]...); err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			defer b.Close()
			if a.Method() != c.want || b.Method() != c.want || hash != keys[1] {
				t.Errorf("methods %d and %d, key %x", a.Method(), b.Method(), hash)
			}
			// Longer than a chunk, and both ways at once.
			sent := bytes.Repeat([]byte("sixteen bytes ! "), 3*maxChunk/16+1)
			var wg sync.WaitGroup
			for _, way := range [][2]*Conn{{a, b}, {b, a}} {
				wg.Go(func() {
					if n, err := way[0].Write(sent); n != len(sent) || err != nil {
						t.Errorf("wrote %d, %v", n, err)
					}
				})
				wg.Go(func() {
					got := make([]byte, len(sent))
					if _, err := io.ReadFull(way[1], got); err != nil || !bytes.Equal(got, sent) {
						t.Errorf("read something else, %v", err)
					}
				})
			}
			wg.Wait()
		})
	}
}

func TestUnknownKey(t *testing.T) {
	_, _, hash, errs := pair(t, [20]byte{9}, RC4)
	if errs[0] == nil || errs[1] == nil || hash != ([20]byte{}) {
		t.Errorf("got %v, key %x", errs, hash)
	}
}

func TestNoMethodInCommon(t *testing.T) {
	if _, _, _, errs := pair(t, keys[0], 1<<7); errs[0] == nil || errs[1] == nil {
		t.Errorf("got %v", errs)
	}
}

// The wire must not show what the handshake hides.
func TestWireIsObscured(t *testing.T) {
	client, server := net.Pipe()
	tap := &tapped{Conn: client}
	var wg sync.WaitGroup
	wg.Go(func() {
		c, _, err := Receive(t.Context(), server, slices.Values(keys))
		if err != nil {
			t.Error(err)
			return
		}
		io.Copy(io.Discard, c)
		c.Close()
	})
	c, err := Initiate(t.Context(), tap, keys[0], RC4)
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.Repeat("\x13BitTorrent protocol", 5)
	if _, err := io.WriteString(c, secret); err != nil {
		t.Fatal(err)
	}
	c.Close()
	wg.Wait()
	if bytes.Contains(tap.sent, []byte("BitTorrent")) || bytes.Contains(tap.sent, keys[0][:]) {
		t.Error("the wire shows protocol or info-hash")
	}
}

// tapped keeps what is written to it.
type tapped struct {
	net.Conn
	mu   sync.Mutex
	sent []byte
}

func (c *tapped) Write(p []byte) (int, error) {
	c.mu.Lock()
	c.sent = append(c.sent, p...)
	c.mu.Unlock()
	return c.Conn.Write(p)
}

func TestContextEndsHandshake(t *testing.T) {
	errEnough := errors.New("enough")
	for name, run := range map[string]func(context.Context, net.Conn) error{
		"initiate": func(ctx context.Context, c net.Conn) error {
			_, err := Initiate(ctx, c, keys[0], RC4)
			return err
		},
		"receive": func(ctx context.Context, c net.Conn) error {
			_, _, err := Receive(ctx, c, slices.Values(keys))
			return err
		},
	} {
		ctx, cancel := context.WithTimeoutCause(t.Context(), 30*time.Millisecond, errEnough)
		a, b := net.Pipe() // nobody reads: writes block as well
		if err := run(ctx, a); !errors.Is(err, errEnough) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := b.Write([]byte{1}); err == nil {
			t.Errorf("%s: connection left open", name)
		}
		cancel()
	}
}

// An exchange with the public key 1 has the shared secret 1: whoever sends it
// needs no arithmetic to go on, and a fuzzer reaches what lies behind.
var publicOne, secretOne = append(make([]byte, 95), 1), append(make([]byte, 95), 1)

func hash(parts ...[]byte) []byte {
	h := sha1.Sum(bytes.Join(parts, nil))
	return h[:]
}

// sealed encrypts b as one side's first bytes after the handshake's hashes.
func sealed(label string, b []byte) []byte {
	c, err := rc4.NewCipher(hash([]byte(label), secretOne, keys[0][:]))
	if err != nil {
		panic(err)
	}
	skip := make([]byte, 1024)
	c.XORKeyStream(skip, skip)
	out := make([]byte, len(b))
	c.XORKeyStream(out, b)
	return out
}

// feed runs one side against bytes that were made up, and reads what it lets
// through.
func feed(b []byte, run func(net.Conn) (*Conn, error)) ([]byte, error) {
	a, s := net.Pipe()
	defer s.Close()
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { io.Copy(io.Discard, a) })
	wg.Go(func() { a.Write(b); a.Close() })
	c, err := run(s)
	if err != nil {
		return nil, err
	}
	got, _ := io.ReadAll(c)
	return got, nil
}

// Whatever arrives, Receive neither panics nor hangs, and lets nobody in who
// does not know a key.
func FuzzReceive(f *testing.F) {
	header := []byte{7: 0, 11: 2, 13: 0, 15: 3, 16: 'a', 17: 'b', 18: 'c'}
	f.Add(header, true)
	f.Add([]byte("noise"), false)
	f.Fuzz(func(t *testing.T, b []byte, knows bool) {
		if knows {
			who := hash([]byte("req2"), keys[0][:])
			for i, v := range hash([]byte("req3"), secretOne) {
				who[i] ^= v
			}
			b = slices.Concat(publicOne, hash([]byte("req1"), secretOne), who, sealed("keyA", b))
		}
		got, err := feed(b, func(c net.Conn) (*Conn, error) {
			m, _, err := Receive(t.Context(), c, slices.Values(keys))
			return m, err
		})
		if err == nil && !knows && !bytes.HasPrefix(b, publicOne) {
			t.Errorf("a stranger was let in and sent %q", got)
		}
	})
}

// Whatever answers, Initiate neither panics nor hangs, and goes on only with a
// method it offered.
func FuzzInitiate(f *testing.F) {
	f.Add([]byte{7: 0, 11: 2, 13: 0, 14: 'x'}, true)
	f.Add([]byte("noise"), false)
	f.Fuzz(func(t *testing.T, b []byte, knows bool) {
		if knows {
			b = append(slices.Clone(publicOne), sealed("keyB", b)...)
		}
		feed(b, func(c net.Conn) (*Conn, error) {
			m, err := Initiate(t.Context(), c, keys[0], RC4)
			if err == nil && m.Method() != RC4 {
				t.Errorf("method %d was not offered", m.Method())
			}
			return m, err
		})
	})
}
