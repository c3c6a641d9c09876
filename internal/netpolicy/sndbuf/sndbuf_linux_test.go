package sndbuf

import (
	"bytes"
	"io"
	"net"
	"testing"

	"golang.org/x/sys/unix"
)

// pair returns the two ends of a connection.
func pair(t *testing.T) (*conn, net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	far, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	near, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = near.Close(), far.Close() })
	return Widen(near).(*conn), far
}

func (c *conn) option(t *testing.T, name int) (n int) {
	t.Helper()
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if e := raw.Control(func(fd uintptr) { n, err = unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, name) }); e != nil || err != nil {
		t.Fatal(e, err)
	}
	return n
}

// A buffer is widened as far as the kernel lets us, and never ends up smaller.
func TestWiden(t *testing.T) {
	c, _ := pair(t)
	before := c.option(t, unix.SO_SNDBUF)
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	size := 2 * before
	var got bool
	if err := raw.Control(func(fd uintptr) { got = widen(socket(fd), size) }); err != nil {
		t.Fatal(err)
	}
	if now := c.option(t, unix.SO_SNDBUF); got != (now >= size) || got && c.option(t, soBufLock)&1 == 0 {
		t.Errorf("%d bytes of %d, but %t", now, size, got)
	}
	// More than any kernel gives to who is not privileged.
	if err := raw.Control(func(fd uintptr) { got = widen(socket(fd), 1<<30) }); err != nil || got {
		t.Errorf("got it: %t, %v", got, err)
	}
}

// Where the kernel gives less than there is, it sizes the buffer again itself.
func TestWidenTakesBack(t *testing.T) {
	c, _ := pair(t)
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) { widen(socket(fd), 1<<10) }); err != nil { // as if that were net.core.wmem_max
		t.Fatal(err)
	}
	if lock := c.option(t, soBufLock); lock&1 != 0 {
		t.Error("the size is fixed")
	}
}

// kernel is one without SO_BUF_LOCK, whose limit is below what it gives by itself.
type kernel struct{ buffer int }

func (k *kernel) get(name int) (int, error) {
	if name == soBufLock {
		return 0, unix.ENOPROTOOPT
	}
	return k.buffer, nil
}

func (k *kernel) set(name, value int) error {
	if name == soBufLock {
		return unix.ENOPROTOOPT
	}
	k.buffer = 2 * min(value, 200<<10)
	return nil
}

// A kernel that cannot take it back is left alone: the buffer would stay small.
func TestOldKernel(t *testing.T) {
	k := &kernel{4 << 20}
	if widen(k, 8<<20) || k.buffer != 4<<20 {
		t.Errorf("%d bytes are left of the buffer", k.buffer)
	}
}

// What passes is what was written, and nobody widens the buffer of a connection
// within the machine.
func TestWrite(t *testing.T) {
	c, far := pair(t)
	want := bytes.Repeat([]byte("0123456789abcdef"), 2*period/16)
	done := make(chan []byte)
	go func() {
		b, _ := io.ReadAll(far)
		done <- b
	}()
	for rest := want; len(rest) > 0; rest = rest[1<<20:] {
		if _, err := c.Write(rest[:1<<20]); err != nil {
			t.Fatal(err)
		}
	}
	if c.option(t, soBufLock)&1 != 0 || c.done {
		t.Error("looked at, and widened")
	}
	_ = c.Close()
	if got := <-done; !bytes.Equal(got, want) {
		t.Error("other bytes arrived")
	}
}
