package record

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls/internal/schedule"
)

// script is a connection that has stored bytes to read and forgets what is
// written.
type script struct {
	io.Reader
	chunk int
}

func (s script) Read(p []byte) (int, error)       { return s.Reader.Read(p[:min(len(p), s.chunk)]) }
func (script) Write(p []byte) (int, error)        { return len(p), nil }
func (script) Close() error                       { return nil }
func (script) LocalAddr() net.Addr                { return nil }
func (script) RemoteAddr() net.Addr               { return nil }
func (script) SetDeadline(time.Time) error        { return nil }
func (script) SetReadDeadline(_ time.Time) error  { return nil }
func (script) SetWriteDeadline(_ time.Time) error { return nil }

// FuzzRead reads records that a peer with the right keys made: each begins
// with its content type and a byte for its length.
func FuzzRead(f *testing.F) {
	f.Add([]byte("\x17\x05hello\x15\x02\x01\x00"), 7)
	f.Add([]byte("\x16\x05\x18\x00\x00\x01\x01\x17\x02hi"), 1)
	f.Add([]byte("\x16\x03\x04\x00\x00\x16\x02\x01x\x17\x01y"), 100)
	f.Add([]byte("\x00\x04a\x17\x00\x00\x00\x02\x00\x00"), 3)
	f.Fuzz(func(t *testing.T, in []byte, chunk int) {
		s, _ := schedule.Of(tls.TLS_AES_128_GCM_SHA256)
		secret := make([]byte, 32)
		ours, _ := newHalf(s, secret, 0)
		theirs, _ := newHalf(s, secret, 0)
		out, _ := newHalf(s, secret, 0)
		var wire bytes.Buffer
		var want []byte // if nothing goes wrong
		for len(in) >= 2 {
			n := min(int(in[1]), len(in)-2)
			content := in[2 : 2+n]
			rec := make([]byte, n+overhead)
			theirs.seal(rec, content, in[0], 0)
			wire.Write(rec)
			if inner := bytes.TrimRight(append(bytes.Clone(content), in[0]), "\x00"); len(inner) > 0 && inner[len(inner)-1] == typeApplicationData {
				want = append(want, inner[:len(inner)-1]...)
			}
			in = in[2+n:]
		}
		c := &Conn{raw: script{&wire, max(chunk, 1)}}
		c.in.half, c.out.half = ours, out
		got, err := io.ReadAll(c)
		if !bytes.HasPrefix(want, got) {
			t.Fatalf("read %q, sent %q", got, want)
		}
		if err != nil && !errors.Is(err, ErrRecord) && !errors.Is(err, ErrAlert) && !errors.Is(err, ErrAuthentication) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("untyped: %v", err)
		}
		if c.in.batch != nil {
			t.Fatal("a buffer is not given back")
		}
	})
}

// FuzzWire reads what a stranger sends.
func FuzzWire(f *testing.F) {
	f.Add([]byte("\x17\x03\x03\x00\x11aaaaaaaaaaaaaaaaa"), 5)
	f.Add([]byte("\x15\x03\x03\x00\x02\x01\x00"), 1)
	f.Fuzz(func(t *testing.T, in []byte, chunk int) {
		s, _ := schedule.Of(tls.TLS_AES_256_GCM_SHA384)
		h, _ := newHalf(s, make([]byte, 48), 0)
		out, _ := newHalf(s, make([]byte, 48), 0)
		c := &Conn{raw: script{bytes.NewReader(in), max(chunk, 1)}}
		c.in.half, c.out.half = h, out
		got, err := io.ReadAll(c)
		if len(got) > 0 {
			t.Fatalf("read %x of a stranger", got)
		}
		if len(in) > 0 && err == nil {
			t.Fatal("no error")
		}
	})
}

// FuzzTap follows a stream of records in reads of any size.
func FuzzTap(f *testing.F) {
	f.Add([]byte("\x16\x03\x03\x00\x02ab\x17\x03\x03\x00\x00\x17\x03\x03\x00\x03abc"), 3)
	f.Fuzz(func(t *testing.T, in []byte, chunk int) {
		chunk = max(chunk, 1)
		want := uint64(0)
		whole := 0
		for rest := in; len(rest) >= headerLen; {
			n := headerLen + int(rest[3])<<8 + int(rest[4])
			if n > len(rest) {
				break
			}
			if rest[0] == typeApplicationData {
				want++
			}
			whole += n
			rest = rest[n:]
		}
		tap := NewTap(script{bytes.NewReader(in), chunk}, true)
		p := make([]byte, chunk%5000+1)
		read := 0
		for {
			n, err := tap.Read(p)
			read += n
			if err != nil {
				break
			}
		}
		if tap.in != want || read != len(in) || (tap.got == 0) != (read == whole) {
			t.Fatalf("%d records of %d, %d bytes of %d, within one: %v", tap.in, want, read, len(in), tap.got > 0)
		}
	})
}
