package lsd

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// InfoHash names a torrent: its version 1 hash, or the beginning of its version
// 2 hash.
type InfoHash [20]byte

// Message is one announce (BEP 14). The address of its sender is that of the
// datagram.
type Message struct {
	Host   netip.AddrPort // the group
	Port   uint16         // TCP, of the sender
	Hashes []InfoHash
	Cookie string // by which senders know themselves
}

// Sizes of BEP 14 and ours.
const (
	maxDatagram = 1400 // bytes
	maxCookie   = 64
	maxHashes   = 23 // so many fit
)

// ErrMessage is wrapped by errors about datagrams that are no announces.
var ErrMessage = errors.New("no announce of local service discovery")

const firstLine = "BT-SEARCH * HTTP/1.1"

// Append appends the datagram of m to dst: at most maxHashes hashes are written.
func (m Message) Append(dst []byte) []byte {
	dst = fmt.Appendf(dst, "%s\r\nHost: %v\r\nPort: %d\r\n", firstLine, m.Host, m.Port)
	for _, h := range m.Hashes[:min(len(m.Hashes), maxHashes)] {
		dst = fmt.Appendf(dst, "Infohash: %x\r\n", h[:])
	}
	if m.Cookie != "" {
		dst = fmt.Appendf(dst, "cookie: %s\r\n", m.Cookie)
	}
	return append(dst, "\r\n\r\n"...)
}

// Parse reads a datagram. Headers may come in any order and case, unknown ones
// are passed over.
func Parse(b []byte) (Message, error) {
	if len(b) > maxDatagram {
		return Message{}, refuse("%d bytes", len(b))
	}
	first, rest, _ := bytes.Cut(b, []byte("\r\n"))
	if string(first) != firstLine {
		return Message{}, refuse("it begins otherwise")
	}
	var m Message
	for line := range strings.SplitSeq(string(rest), "\r\n") {
		if line == "" {
			break
		}
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			return Message{}, refuse("a line without a colon")
		}
		if err := m.set(strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)); err != nil {
			return Message{}, err
		}
	}
	if m.Port == 0 || len(m.Hashes) == 0 {
		return Message{}, refuse("no port or no hash")
	}
	return m, nil
}

func (m *Message) set(key, value string) error {
	switch key {
	case "host":
		m.Host, _ = netip.ParseAddrPort(value) // it says nothing the socket does not know
	case "port":
		n, err := strconv.ParseUint(value, 10, 16)
		if err != nil {
			return refuse("port %.20q", value)
		}
		m.Port = uint16(n)
	case "infohash":
		var h InfoHash
		if n, err := hex.Decode(h[:], []byte(value[:min(len(value), 2*len(h))])); err != nil || n != len(h) || len(value) != 2*len(h) {
			return refuse("hash %.50q", value)
		}
		if len(m.Hashes) < maxHashes {
			m.Hashes = append(m.Hashes, h)
		}
	case "cookie":
		if len(value) > maxCookie {
			return refuse("a cookie of %d bytes", len(value))
		}
		m.Cookie = value
	}
	return nil
}

func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMessage, fmt.Sprintf(format, args...))
}
