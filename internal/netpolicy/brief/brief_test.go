package brief_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/warren-p2p/warren/internal/netpolicy/brief"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func listen(t *testing.T) net.Listener {
	l, err := brief.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// pair returns both ends of a connection on which first was sent.
func pair(t *testing.T, l net.Listener, first string) (near, far net.Conn) {
	t.Helper()
	near, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(near, first); err != nil {
		t.Fatal(err)
	}
	if far, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		near.Close()
		far.Close()
	})
	if far.RemoteAddr().String() != near.LocalAddr().String() || far.LocalAddr().String() != near.RemoteAddr().String() {
		t.Errorf("%v from %v, and not %v from %v", far.LocalAddr(), far.RemoteAddr(), near.RemoteAddr(), near.LocalAddr())
	}
	return near, far
}

func TestOneRequest(t *testing.T) {
	near, far := pair(t, listen(t), "request")
	b := make([]byte, 100)
	if n, err := far.Read(b); err != nil || string(b[:n]) != "request" {
		t.Fatalf("%q, %v", b[:n], err)
	}
	if _, err := far.Write([]byte("answer")); err != nil {
		t.Fatal(err)
	}
	if err := far.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(near); err != nil || string(got) != "answer" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := far.Read(b); !errors.Is(err, net.ErrClosed) {
		t.Errorf("read after Close: %v", err)
	}
	if err := far.Close(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("closed twice: %v", err)
	}
}

// A connection that has to wait goes on as any other.
func TestWaits(t *testing.T) {
	near, far := pair(t, listen(t), "1")
	want := bytes.Repeat([]byte("0123456789abcdef"), 1<<18) // above any buffer
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := far.Write(want); err != nil {
			t.Error(err)
		}
		got, err := io.ReadAll(far)
		if err != nil || !bytes.Equal(got, append([]byte("1"), want...)) {
			t.Errorf("read %d bytes, %v", len(got), err)
		}
	})
	got := make([]byte, len(want))
	if _, err := io.ReadFull(near, got); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%v", err)
	}
	if _, err := near.Write(want); err != nil {
		t.Error(err)
	}
	if err := near.(*net.TCPConn).CloseWrite(); err != nil {
		t.Error(err)
	}
	wg.Wait()
}

func TestDeadline(t *testing.T) {
	_, far := pair(t, listen(t), "1")
	b := make([]byte, 10)
	if _, err := far.Read(b); err != nil {
		t.Fatal(err)
	}
	for range 2 { // before it waits for the first time, and after
		if err := far.SetDeadline(time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
		if _, err := far.Read(b); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%v", err)
		}
	}
}

// Closing ends who waits.
func TestClose(t *testing.T) {
	l := listen(t)
	_, far := pair(t, l, "1")
	b := make([]byte, 10)
	if _, err := far.Read(b); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		_, err := far.Read(b)
		done <- err
	}()
	if err := far.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; !errors.Is(err, net.ErrClosed) {
		t.Errorf("%v", err)
	}
	go func() {
		_, err := l.Accept()
		done <- err
	}()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; !errors.Is(err, net.ErrClosed) {
		t.Errorf("%v", err)
	}
}
