package record

import (
	"bytes"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls/internal/schedule"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestTrace is the application data of RFC 8448, section 3.
func TestTrace(t *testing.T) {
	content := make([]byte, 50)
	for i := range content {
		content[i] = byte(i)
	}
	for _, c := range []struct {
		name, secret string
		seq          uint64
		record       string
	}{
		{"client", "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5", 0, "17 03 03 00 43 " +
			"a2 3f 70 54 b6 2c 94 d0 af fa fe 82 28 ba 55 cb ef ac ea 42 f9 14 aa 66 bc ab 3f 2b 98 19 a8 a5 " +
			"b4 6b 39 5b d5 4a 9a 20 44 1e 2b 62 97 4e 1f 5a 62 92 a2 97 70 14 bd 1e 3d ea e6 3a ee bb 21 69 " +
			"49 15 e4"},
		{"server, after a ticket", "a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643", 1, "17 03 03 00 43 " +
			"2e 93 7e 11 ef 4a c7 40 e5 38 ad 36 00 5f c4 a4 69 32 fc 32 25 d0 5f 82 aa 1b 36 e3 0e fa f9 7d " +
			"90 e6 df fc 60 2d cb 50 1a 59 a8 fc c4 9c 4b f2 e5 f0 a2 1c 00 47 c2 ab f3 32 54 0d d0 32 e1 67 " +
			"c2 95 5d"},
	} {
		want := unhex(t, c.record)
		h, err := newHalf(schedule.For(unhex(t, c.secret)), unhex(t, c.secret), c.seq)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(content)+overhead)
		h.seal(got, content, typeApplicationData, 0)
		if !bytes.Equal(got, want) {
			t.Errorf("%s: sealed %x, want %x", c.name, got, want)
		}
		h.seq = c.seq
		opened, contentType, err := h.open(want)
		if err != nil || contentType != typeApplicationData || !bytes.Equal(opened, content) {
			t.Errorf("%s: opened %x of type %d, %v", c.name, opened, contentType, err)
		}
	}
}

// exchange sends random amounts both ways at the same time and compares.
func exchange(t *testing.T, a, b net.Conn) {
	t.Helper()
	send := func(w io.Writer, seed byte) error {
		r := rand.New(rand.NewChaCha8([32]byte{seed}))
		for range 60 {
			p := make([]byte, r.IntN(1<<r.IntN(19)+1))
			for i := range p {
				p[i] = byte(r.Uint32())
			}
			if _, err := w.Write(p); err != nil {
				return err
			}
		}
		return nil
	}
	check := func(r io.Reader, seed byte) error {
		var want bytes.Buffer
		send(&want, seed)
		got := make([]byte, want.Len())
		if _, err := io.ReadFull(r, got); err != nil {
			return err
		}
		if !bytes.Equal(got, want.Bytes()) {
			return errors.New("other bytes than were sent")
		}
		return nil
	}
	done := make(chan error, 4)
	go func() { done <- send(a, 1) }()
	go func() { done <- send(b, 2) }()
	go func() { done <- check(b, 1) }()
	go func() { done <- check(a, 2) }()
	for range 4 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
}

func TestAgainstCryptoTLS(t *testing.T) {
	cache := tls.NewLRUClientSessionCache(1) // makes the server send a ticket
	for _, c := range []struct {
		name           string
		client, server bool // who is taken over
		tickets        bool
	}{
		{"client", true, false, false}, {"client, ticket", true, false, true},
		{"server", false, true, false}, {"server, ticket", false, true, true},
		{"both", true, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, server := pair(t, func(cc, sc *tls.Config) {
				sc.SessionTicketsDisabled = !c.tickets
				cc.ClientSessionCache = cache
			})
			// As after a handshake, crypto/tls has a request and an answer pass.
			expect(t, client.tc, server.tc, "GET / HTTP/1.1")
			expect(t, server.tc, client.tc, "HTTP/1.1 101")
			a, b := net.Conn(client.tc), net.Conn(server.tc)
			if c.client {
				a = client.takeOver(t)
			}
			if c.server {
				b = server.takeOver(t)
			}
			exchange(t, a, b)
			a.Close()
			if n, err := b.Read(make([]byte, 1)); n != 0 || err != io.EOF {
				t.Errorf("after the other end closed: %d bytes, %v", n, err)
			}
			if _, err := a.Write([]byte("x")); err == nil {
				t.Error("writing to a closed connection succeeds")
			}
		})
	}
}

func expect(t *testing.T, w io.Writer, r io.Reader, text string) {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, len(text))
	if _, err := io.ReadFull(r, got); err != nil || string(got) != text {
		t.Fatalf("read %q, %v", got, err)
	}
}

func TestSuites(t *testing.T) {
	for _, s := range []uint16{tls.TLS_AES_128_GCM_SHA256, tls.TLS_AES_256_GCM_SHA384} {
		a, b := own(t, s)
		exchange(t, a, b)
	}
}

// TestTakeOverEarlyData has bytes of the peer wire come together with what
// crypto/tls reads last, within a record and in others.
func TestTakeOverEarlyData(t *testing.T) {
	client, server := pair(t, nil)
	c := client.takeOver(t)
	for _, s := range []string{"request, then wire", " and more", " and more again"} {
		if _, err := io.WriteString(c, s); err != nil {
			t.Fatal(err)
		}
	}
	head := make([]byte, len("request"))
	if _, err := io.ReadFull(server.tc, head); err != nil {
		t.Fatal(err)
	}
	s, rest, err := server.tap.TakeOver(server.tc, server.tc.ConnectionState().CipherSuite)
	if err != nil || string(rest) != ", then wire" {
		t.Fatalf("rest %q, %v", rest, err)
	}
	got := make([]byte, len(" and more and more again"))
	if _, err := io.ReadFull(s, got); err != nil || string(got) != " and more and more again" {
		t.Fatalf("read %q, %v", got, err)
	}
}

func TestTakeOverNotPossible(t *testing.T) {
	t.Run("TLS 1.2", func(t *testing.T) {
		client, server := pair(t, func(_, sc *tls.Config) { sc.MaxVersion = tls.VersionTLS12 })
		if _, _, err := client.tap.TakeOver(client.tc, client.tc.ConnectionState().CipherSuite); !errors.Is(err, ErrNotPossible) {
			t.Fatal(err)
		}
		exchange(t, client.tc, server.tc)
	})
	t.Run("within a record", func(t *testing.T) {
		client, server := pair(t, nil)
		// Two bytes of a header, and a read that takes them and runs out of time.
		var sealed bytes.Buffer
		wire := client.tap.Conn
		client.tap.Conn = sink{wire, &sealed}
		c := client.takeOver(t)
		if _, err := io.WriteString(c, "text"); err != nil {
			t.Fatal(err)
		}
		wire.Write(sealed.Next(2))
		for server.tap.got == 0 {
			server.tc.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
			if _, err := server.tc.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatal(err)
			}
		}
		server.tc.SetReadDeadline(time.Time{})
		if _, _, err := server.tap.TakeOver(server.tc, server.tc.ConnectionState().CipherSuite); !errors.Is(err, ErrNotPossible) {
			t.Fatal(err)
		}
		wire.Write(sealed.Bytes())
		got := make([]byte, 4)
		if _, err := io.ReadFull(server.tc, got); err != nil || string(got) != "text" {
			t.Fatalf("crypto/tls goes on with %q, %v", got, err)
		}
	})
}

// sink is a connection whose writes are kept.
type sink struct {
	net.Conn
	to io.Writer
}

func (s sink) Write(p []byte) (int, error) { return s.to.Write(p) }

func TestKeyUpdate(t *testing.T) {
	a, b := own(t, tls.TLS_AES_128_GCM_SHA256)
	for _, answer := range []byte{0, 1} {
		before := bytes.Clone(b.out.half.secret)
		a.out.mu.Lock()
		if err := a.writeRecord(typeHandshake, []byte{keyUpdate, 0, 0, 1, answer}); err != nil {
			t.Fatal(err)
		}
		var err error
		if a.out.half, err = a.out.half.next(); err != nil {
			t.Fatal(err)
		}
		a.out.mu.Unlock()
		expect(t, a, b, "under other keys")
		if changed := !bytes.Equal(before, b.out.half.secret); changed != (answer == 1) {
			t.Errorf("update_requested %d: own keys changed: %v", answer, changed)
		}
		expect(t, b, a, "the way back")
	}
}

// TestRefused sends records that end a connection, and looks at what both ends
// then say.
func TestRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		send func(a *Conn)
		want error
		told error // what the sender reads, if anything in particular
	}{
		{"changed bit", func(a *Conn) { raw(a, func(rec []byte) { rec[7] ^= 1 }) }, ErrAuthentication, ErrAlert},
		{"changed header", func(a *Conn) { raw(a, func(rec []byte) { rec[1] ^= 1 }) }, ErrAuthentication, ErrAlert},
		{"clear", func(a *Conn) { a.raw.Write([]byte{typeHandshake, 3, 3, 0, 4, 0, 0, 0, 0}) }, ErrRecord, ErrAlert},
		{"too long", func(a *Conn) { a.raw.Write([]byte{typeApplicationData, 3, 3, 0x41, 1}) }, ErrRecord, ErrAlert},
		{"too short", func(a *Conn) { a.raw.Write([]byte{typeApplicationData, 3, 3, 0, 16}) }, ErrRecord, ErrAlert},
		{"only padding", func(a *Conn) { a.writeRecord(0, make([]byte, 30)) }, ErrRecord, ErrAlert},
		{"unknown type", func(a *Conn) { a.writeRecord(99, []byte("?")) }, ErrRecord, ErrAlert},
		{"second hello", func(a *Conn) { a.writeRecord(typeHandshake, []byte{1, 0, 0, 1, 0}) }, ErrRecord, ErrAlert},
		{"empty handshake", func(a *Conn) { a.writeRecord(typeHandshake, nil) }, ErrRecord, ErrAlert},
		{"key update and more", func(a *Conn) { a.writeRecord(typeHandshake, []byte{24, 0, 0, 1, 0, 4}) }, ErrRecord, ErrAlert},
		{"many empty records", func(a *Conn) {
			for range maxUseless + 1 {
				a.writeRecord(typeApplicationData, nil)
			}
		}, ErrRecord, ErrAlert},
		{"alert", func(a *Conn) { a.writeRecord(typeAlert, []byte{2, 80}) }, ErrAlert, nil},
		{"cut off in a header", func(a *Conn) { a.raw.Write([]byte{typeApplicationData, 3}); a.raw.Close() }, io.ErrUnexpectedEOF, nil},
		{"cut off in a body", func(a *Conn) { a.raw.Write([]byte{typeApplicationData, 3, 3, 0, 40, 1}); a.raw.Close() }, io.ErrUnexpectedEOF, nil},
		{"closed in order", func(a *Conn) { a.Close() }, io.EOF, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := own(t, tls.TLS_AES_128_GCM_SHA256)
			expect(t, a, b, "well so far")
			c.send(a)
			for range 2 { // it stays so
				if n, err := b.Read(make([]byte, 10)); n != 0 || !errors.Is(err, c.want) {
					t.Fatalf("%d bytes, %v, want %v", n, err, c.want)
				}
			}
			if b.in.batch != nil {
				t.Error("a buffer is not given back")
			}
			if c.told == nil {
				return
			}
			if _, err := a.Read(make([]byte, 1)); !errors.Is(err, c.told) {
				t.Errorf("the sender is told %v", err)
			}
			if _, err := b.Write([]byte("x")); !errors.Is(err, c.want) {
				t.Errorf("writing goes on: %v", err)
			}
		})
	}
}

// raw sends a record that change has altered.
func raw(a *Conn, change func(rec []byte)) {
	rec := make([]byte, 9+overhead)
	a.out.half.seal(rec, []byte("some text"), typeApplicationData, 0)
	change(rec)
	a.raw.Write(rec)
}

// TestHarmless sends what is passed over: padding, empty records, tickets in
// pieces, and the alert that says nothing.
func TestHarmless(t *testing.T) {
	a, b := own(t, tls.TLS_AES_256_GCM_SHA384)
	for _, r := range []struct {
		contentType byte
		content     []byte
	}{
		{typeApplicationData, nil},
		{typeHandshake, []byte{newSessionTicket, 0}},
		{typeHandshake, append([]byte{0, 5}, "tic"...)},
		{typeHandshake, []byte("ke")},
		{typeAlert, []byte{alertWarning, alertUserCanceled}},
		{0, append([]byte("padded\x17"), make([]byte, 300)...)},
	} {
		if err := a.writeRecord(r.contentType, r.content); err != nil {
			t.Fatal(err)
		}
	}
	got := make([]byte, len("padded"))
	if _, err := io.ReadFull(b, got); err != nil || string(got) != "padded" {
		t.Fatalf("read %q, %v", got, err)
	}
}

// TestDeadline shows that a read can run out of time within a record and go on.
func TestDeadline(t *testing.T) {
	a, b := own(t, tls.TLS_AES_128_GCM_SHA256)
	var sealed bytes.Buffer
	a.raw = sink{a.raw, &sealed}
	text := bytes.Repeat([]byte("text "), 8000)
	if _, err := a.Write(text); err != nil {
		t.Fatal(err)
	}
	to := a.raw.(sink).Conn
	var got []byte
	for sealed.Len() > 0 {
		to.Write(sealed.Next(3001))
		for {
			b.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
			p := make([]byte, 1000)
			n, err := b.Read(p)
			got = append(got, p[:n]...)
			if errors.Is(err, os.ErrDeadlineExceeded) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if !bytes.Equal(got, text) {
		t.Fatalf("%d bytes of %d, or others", len(got), len(text))
	}
}

// TestIdleHoldsNothing looks for the large buffers when a connection waits.
func TestIdleHoldsNothing(t *testing.T) {
	a, b := own(t, tls.TLS_AES_128_GCM_SHA256)
	go a.Write(make([]byte, 1<<20))
	if _, err := io.ReadFull(b, make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	expect(t, a, b, "few")
	b.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	if _, err := b.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal(err)
	}
	if b.in.batch != nil {
		t.Error("a connection that waits holds a buffer")
	}
}
