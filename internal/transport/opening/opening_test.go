package opening

import (
	"encoding/hex"
	"io"
	"net"
	"slices"
	"testing"
)

func TestClassify(t *testing.T) {
	record := func(s string) string { b, _ := hex.DecodeString(s); return string(b) }
	for _, c := range []struct {
		name, bytes string
		want        Protocol
	}{
		{"nothing", "", undecided},
		{"a byte of TLS", record("16"), undecided},
		{"client hello", record("160301020001"), TLS},
		{"client hello and more", record("160303010001000000"), TLS},
		{"largest record", record("160301400001"), TLS},
		{"record too large", record("160301ffff01"), MSE},
		{"not TLS 1.x", record("160200"), MSE},
		{"unknown record version", record("160305"), MSE},
		{"server hello", record("160303010002"), MSE},
		{"alert", record("15"), MSE},
		{"a byte of BitTorrent", "\x13", undecided},
		{"most of BitTorrent", "\x13BitTorrent protoco", undecided},
		{"BitTorrent", "\x13BitTorrent protocol", BitTorrent},
		{"almost BitTorrent", "\x13BitTorrent protocoX", MSE},
		{"G", "G", undecided},
		{"GET", "GET ", HTTP},
		{"GETS", "GETS", MSE},
		{"HEAD", "HEAD ", HTTP},
		{"HEADS", "HEADS", MSE},
		{"noise", "abc", MSE},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := classify([]byte(c.bytes)); got != c.want {
				t.Errorf("classify(%q) = %d, want %d", c.bytes, got, c.want)
			}
		})
	}
}

func FuzzClassify(f *testing.F) {
	f.Add([]byte(Magic))
	f.Fuzz(func(t *testing.T, b []byte) {
		// A verdict must not depend on how the bytes were cut into packets.
		verdict := undecided
		for n := range len(b) + 1 {
			p := classify(b[:n])
			if verdict != undecided && p != verdict {
				t.Fatalf("%q is %d, its first %d bytes are %d", b, verdict, n, p)
			}
			verdict = p
		}
		if len(b) >= peekLen && verdict == undecided {
			t.Fatalf("%q is undecided", b)
		}
	})
}

func TestPeekKeepsEveryByte(t *testing.T) {
	text := Magic + "and the rest of the handshake"
	for _, chunk := range []int{1, 7, 20, len(text)} {
		a, b := net.Pipe()
		go func() {
			defer a.Close()
			for part := range slices.Chunk([]byte(text), chunk) {
				a.Write(part)
			}
		}()
		c, p, err := Peek(b)
		if err != nil || p != BitTorrent {
			t.Fatalf("chunks of %d: %d, %v", chunk, p, err)
		}
		got, err := io.ReadAll(c)
		if err != nil || string(got) != text {
			t.Errorf("chunks of %d: read %q, %v", chunk, got, err)
		}
		b.Close()
	}
}

func TestPeekReportsEnd(t *testing.T) {
	a, b := net.Pipe()
	go func() { a.Write([]byte("\x13Bit")); a.Close() }()
	if _, _, err := Peek(b); err == nil {
		t.Error("no error for a connection that ends in its first bytes")
	}
}
