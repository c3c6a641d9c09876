package limit

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestSendReceive(t *testing.T) {
	for _, s := range []Spec{{Bytes: 5<<20 + 3, PieceLength: 1 << 18}, {Bytes: 100, PieceLength: 1 << 14}} {
		out := filepath.Join(t.TempDir(), "out")
		addr, sent := make(chan string, 1), make(chan error, 1)
		go func() { sent <- Send(t.Context(), s, func(a string) { addr <- a }) }()
		took, err := Receive(t.Context(), s, <-addr, out)
		if err != nil || took <= 0 {
			t.Fatalf("receive: %v, %v", took, err)
		}
		if err := <-sent; err != nil {
			t.Errorf("send: %v", err)
		}
		b, err := os.ReadFile(out)
		if err != nil || int64(len(b)) != s.Bytes {
			t.Fatalf("%d bytes, %v", len(b), err)
		}
		for i := record; i < len(b); i++ {
			if b[i] != b[i%record] {
				t.Fatalf("byte %d is not where it belongs", i)
			}
		}
	}
}

// A sender that has less than was agreed must not look like a success.
func TestShortSender(t *testing.T) {
	addr, sent := make(chan string, 1), make(chan error, 1)
	go func() {
		sent <- Send(t.Context(), Spec{Bytes: 1000, PieceLength: 1 << 14}, func(a string) { addr <- a })
	}()
	if _, err := Receive(t.Context(), Spec{Bytes: 1 << 20, PieceLength: 1 << 14}, <-addr, filepath.Join(t.TempDir(), "out")); err == nil {
		t.Error("no error")
	}
	if err := <-sent; err != nil {
		t.Errorf("send: %v", err)
	}
}

func TestLastRate(t *testing.T) {
	if v, err := lastRate("warm-up 12 MB/s\n-tls -hash sha1    861.5 MB/s  send 1.2"); v != 861.5 || err != nil {
		t.Errorf("got %v, %v", v, err)
	}
	for _, bad := range []string{"", "fast", "0 MB/s"} {
		if _, err := lastRate(bad); !errors.Is(err, errNoRate) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}
