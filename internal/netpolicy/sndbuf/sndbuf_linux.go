package sndbuf

import (
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// conn is a TCP connection whose buffer is looked at.
type conn struct {
	*net.TCPConn
	written int  // since the last look; belongs to who writes
	done    bool // there is no more to be had
}

// Widen returns c with a send buffer that grows to what its path needs. Writes
// must not be concurrent, which would let them mix anyway. What is no TCP
// connection of the kernel is returned as it is.
func Widen(c net.Conn) net.Conn {
	if t, ok := c.(*net.TCPConn); ok {
		return &conn{TCPConn: t}
	}
	return c
}

// Write writes p, and looks at the buffer now and then.
func (c *conn) Write(p []byte) (int, error) {
	n, err := c.TCPConn.Write(p)
	if c.written += n; c.written >= period && !c.done {
		c.written = 0
		if raw, err := c.SyscallConn(); err == nil {
			_ = raw.Control(func(fd uintptr) { c.look(int(fd)) }) // if it is closed, it needs none
		}
	}
	return n, err
}

func (c *conn) look(fd int) {
	s, err := read(fd)
	if err != nil {
		c.done = true
	} else if want := s.wanted(); want > 0 {
		c.done = !widen(socket(fd), want)
	}
}

// options are those of a socket at level SOL_SOCKET.
type options interface {
	get(name int) (int, error)
	set(name, value int) error
}

// widen asks for a buffer of size bytes and reports whether there is one. If the
// kernel does not give more than it would by itself, that goes on as before; one
// that could not go on is not asked.
func widen(s options, size int) bool {
	if _, err := s.get(soBufLock); err != nil {
		return false
	}
	before, _ := s.get(unix.SO_SNDBUF)
	err := s.set(unix.SO_SNDBUF, size/2) // it doubles what it is told
	got, _ := s.get(unix.SO_SNDBUF)
	if got < before {
		_ = s.set(soBufLock, 0)
	}
	return err == nil && got >= size
}

// soBufLock is SO_BUF_LOCK of asm-generic/socket.h, since Linux 5.16: which of a
// socket's buffers the kernel must leave as they are.
const soBufLock = 72

// socket is a file descriptor.
type socket int

func (s socket) get(name int) (int, error) { return unix.GetsockoptInt(int(s), unix.SOL_SOCKET, name) }
func (s socket) set(name, value int) error {
	return unix.SetsockoptInt(int(s), unix.SOL_SOCKET, name, value)
}

func read(fd int) (state, error) {
	info, err := unix.GetsockoptTCPInfo(fd, unix.IPPROTO_TCP, unix.TCP_INFO)
	if err != nil {
		return state{}, err
	}
	buffer, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF)
	return state{
		buffer: buffer, window: int(info.Snd_cwnd) * int(info.Snd_mss),
		rtt: time.Duration(info.Min_rtt) * time.Microsecond,
	}, err
}
