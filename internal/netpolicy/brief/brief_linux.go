package brief

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// patience is for how many seconds the kernel keeps a connection without a request
// to itself.
const patience = 5

func listen(ctx context.Context, addr string) (net.Listener, error) {
	lc := net.ListenConfig{KeepAlive: -1, Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) {
			// Without it a connection is accepted earlier, and waits here.
			_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT, patience)
		})
	}}
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	defer l.Close()
	// A listener of package net lets nobody wait for its descriptor; a file does.
	f, err := l.(*net.TCPListener).File()
	if err != nil {
		return nil, err
	}
	raw, err := f.SyscallConn()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &listener{file: f, at: l.Addr(), raw: raw}, nil
}

// listener accepts by itself, and waits by the poller.
type listener struct {
	file *os.File
	at   net.Addr
	raw  syscall.RawConn

	closed atomic.Bool
}

func (l *listener) Addr() net.Addr { return l.at }

func (l *listener) Close() error {
	l.closed.Store(true)
	return l.file.Close()
}

func (l *listener) Accept() (net.Conn, error) {
	var fd int
	var from unix.Sockaddr
	var err error
	if e := l.raw.Read(func(at uintptr) bool {
		fd, from, err = unix.Accept4(int(at), unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		return err != unix.EAGAIN
	}); e != nil {
		if l.closed.Load() {
			e = net.ErrClosed
		}
		return nil, &net.OpError{Op: "accept", Net: "tcp", Addr: l.Addr(), Err: e}
	}
	if err != nil {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Addr: l.Addr(), Err: os.NewSyscallError("accept4", err)}
	}
	return &conn{fd: fd, local: l.Addr(), remote: addrOf(from)}, nil
}

func addrOf(a unix.Sockaddr) net.Addr {
	switch a := a.(type) {
	case *unix.SockaddrInet4:
		return net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port)))
	case *unix.SockaddrInet6:
		return net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.AddrFrom16(a.Addr), uint16(a.Port)))
	}
	return &net.TCPAddr{}
}

// conn is a connection that has not had to wait yet, or the one of package net that
// it became.
type conn struct {
	local, remote net.Addr

	mu       sync.Mutex // of what is below; no system call under it waits
	fd       int        // -1 after Close, and once there is rest
	rest     net.Conn   // nil until something has to wait
	deadline time.Time
}

func (c *conn) LocalAddr() net.Addr  { return c.local }
func (c *conn) RemoteAddr() net.Addr { return c.remote }

// Read reads what is there, or waits.
func (c *conn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, rest, err := c.now(func(fd int) (int, error) { return unix.Read(fd, p) })
	switch {
	case rest != nil:
		return rest.Read(p)
	case err != nil:
		return 0, err
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

// Write writes what there is room for, and waits with the rest.
func (c *conn) Write(p []byte) (int, error) {
	n, rest, err := c.now(func(fd int) (int, error) {
		n, err := unix.Write(fd, p) // SIGPIPE is not raised for sockets in Go
		if err == nil && n < len(p) {
			err = unix.EAGAIN
		}
		return n, err
	})
	if rest != nil && n < len(p) {
		more, err := rest.Write(p[n:])
		return n + more, err
	}
	return n, err
}

// now makes a system call that does not wait. Where it would have to, rest is the
// connection that can; n is what was done before.
func (c *conn) now(call func(fd int) (int, error)) (n int, rest net.Conn, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rest != nil {
		return 0, c.rest, nil
	}
	if c.fd < 0 {
		return 0, nil, net.ErrClosed
	}
	for {
		n, err = call(c.fd)
		if err != unix.EINTR {
			break
		}
	}
	n = max(n, 0)
	if err != unix.EAGAIN {
		return n, nil, os.NewSyscallError("tcp", err)
	}
	rest, err = c.wait()
	return n, rest, err
}

// wait makes the connection one of package net.
func (c *conn) wait() (net.Conn, error) {
	f := os.NewFile(uintptr(c.fd), "tcp")
	c.fd = -1
	rest, err := net.FileConn(f) // has a descriptor of its own
	_ = f.Close()
	if err != nil {
		return nil, err
	}
	if err := rest.SetDeadline(c.deadline); err != nil {
		rest.Close()
		return nil, err
	}
	c.rest = rest
	return rest, nil
}

// Close closes the connection; who waits in it gets an error.
func (c *conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rest != nil {
		return c.rest.Close()
	}
	if c.fd < 0 {
		return net.ErrClosed
	}
	fd := c.fd
	c.fd = -1
	return os.NewSyscallError("close", unix.Close(fd))
}

// SetDeadline bounds how long what follows may wait.
func (c *conn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rest != nil {
		return c.rest.SetDeadline(t)
	}
	c.deadline = t
	return nil
}

// SetReadDeadline is SetDeadline: a request and its answer have one.
func (c *conn) SetReadDeadline(t time.Time) error { return c.SetDeadline(t) }

// SetWriteDeadline is SetDeadline.
func (c *conn) SetWriteDeadline(t time.Time) error { return c.SetDeadline(t) }
