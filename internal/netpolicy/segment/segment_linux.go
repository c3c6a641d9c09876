package segment

import (
	"encoding/binary"
	"errors"
	"net/netip"

	"golang.org/x/sys/unix"
)

// maxSegments is how many datagrams the kernel splits off one call.
const maxSegments = 64

func (c *Conn) setup() {
	c.control(func(fd int) {
		_, err := unix.GetsockoptInt(fd, unix.SOL_UDP, unix.UDP_SEGMENT)
		c.send.Store(err == nil)
		c.receive = unix.SetsockoptInt(fd, unix.SOL_UDP, unix.UDP_GRO, 1) == nil
		c.fragment(fd, unix.IP_PMTUDISC_DONT)
	})
}

func (c *Conn) control(f func(fd int)) {
	if raw, err := c.udp.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { f(int(fd)) }) // of a closed socket nothing is asked
	}
}

// fragment says whether datagrams may be sent in pieces. A socket of both
// families has two settings.
func (c *Conn) fragment(fd, how int) {
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, how)
	if c.v6 {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_MTU_DISCOVER, how)
	}
}

func (c *Conn) read(b []byte) (n, size int, from netip.AddrPort, err error) {
	if !c.receive {
		n, from, err = c.udp.ReadFromUDPAddrPort(b)
		return n, n, from, err
	}
	var oob [64]byte
	n, oobn, _, from, err := c.udp.ReadMsgUDPAddrPort(b, oob[:])
	if err != nil {
		return 0, 0, from, err
	}
	size = n
	for rest := oob[:oobn]; len(rest) >= unix.CmsgLen(0); {
		h, data, more, err := unix.ParseOneSocketControlMessage(rest)
		if err != nil {
			break
		}
		if h.Level == unix.SOL_UDP && h.Type == unix.UDP_GRO && len(data) >= 4 {
			if s := int(int32(binary.NativeEndian.Uint32(data))); s > 0 {
				size = s
			}
		}
		rest = more
	}
	return n, size, from, nil
}

// writeJoined lets the kernel split. It reports false if that has to be done
// here.
func (c *Conn) writeJoined(b []byte, size int, to netip.AddrPort) bool {
	var oob [24]byte
	message := oob[:unix.CmsgSpace(2)]
	header(message, unix.SOL_UDP, unix.UDP_SEGMENT, unix.CmsgLen(2))
	binary.NativeEndian.PutUint16(message[unix.CmsgLen(0):], uint16(size))
	for len(b) > 0 {
		n := min(len(b), size*min(maxSegments, (MaxBytes-100)/size))
		if _, _, err := c.udp.WriteMsgUDPAddrPort(b[:n], message, to); err != nil {
			if errors.Is(err, unix.EIO) || errors.Is(err, unix.EINVAL) { // this interface cannot
				c.send.Store(false)
			}
			return false // what was sent already is sent again, which does no harm
		}
		b = b[n:]
	}
	return true
}

// header writes the head of a control message, of which the length has the size
// of a word.
func header(b []byte, level, kind int32, length int) {
	at := unix.CmsgLen(0) - 8
	if at == 8 {
		binary.NativeEndian.PutUint64(b, uint64(length))
	} else {
		binary.NativeEndian.PutUint32(b, uint32(length))
	}
	binary.NativeEndian.PutUint32(b[at:], uint32(level))
	binary.NativeEndian.PutUint32(b[at+4:], uint32(kind))
}

// Probe sends one datagram that nobody may fragment.
func (c *Conn) Probe(b []byte, to netip.AddrPort) error {
	if c.udp == nil {
		return ErrTooLong
	}
	c.probing.Lock()
	defer c.probing.Unlock()
	c.control(func(fd int) { c.fragment(fd, unix.IP_PMTUDISC_PROBE) })
	_, err := c.udp.WriteToUDPAddrPort(b, to)
	c.control(func(fd int) { c.fragment(fd, unix.IP_PMTUDISC_DONT) })
	if errors.Is(err, unix.EMSGSIZE) {
		return ErrTooLong
	}
	return err
}
