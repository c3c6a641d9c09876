package krpc

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"github.com/warren-p2p/warren/internal/wire/bencode"
)

// Parse reads a packet. The message shares nothing with b. Keys may come in any
// order, and bytes behind the message are ignored, as other nodes do it.
func Parse(b []byte) (Message, error) {
	var m Message
	if len(b) > MaxSize {
		return m, &FieldError{"packet", ErrSize}
	}
	v, _, err := bencode.ParseLenient(b)
	if err != nil {
		return m, fmt.Errorf("krpc: %w", err)
	}
	if m.T, err = text(v, "t", maxT); err != nil {
		return m, err
	}
	kind, err := text(v, "y", 1)
	if err != nil {
		return m, err
	}
	if kind == "" {
		return m, &FieldError{"y", ErrLength}
	}
	m.Kind = Kind(kind[0])
	switch m.Kind {
	case Query:
		return m, m.query(v)
	case Reply:
		return m, m.reply(v)
	case Error:
		return m, m.failure(v)
	}
	return m, &FieldError{"y", ErrValue}
}

func (m *Message) query(v bencode.Value) (err error) {
	if m.Method, err = text(v, "q", maxMethod); err != nil {
		return err
	}
	args := v.Get("a")
	if m.From, err = id(args, "id"); err != nil {
		return err
	}
	ro, _ := v.Get("ro").Int()
	m.ReadOnly = ro == 1
	if err := m.target(args); err != nil {
		return err
	}
	for w := range args.Get("want").All() {
		family, _ := w.Text()
		m.Want4 = m.Want4 || family == "n4"
		m.Want6 = m.Want6 || family == "n6"
	}
	if m.Method == AnnouncePeer {
		return m.announce(args)
	}
	return nil
}

// target reads the id a query is about. Of a method nobody knows here, it is
// whichever is there (and the answer that of find_node, as libtorrent asks for
// in the name of later extensions).
func (m *Message) target(args bencode.Value) (err error) {
	field := "info_hash"
	switch m.Method {
	case Ping:
		return nil
	case FindNode:
		field = "target"
	case GetPeers, AnnouncePeer:
	default:
		if args.Get(field).Kind() == bencode.Invalid {
			field = "target"
		}
		if args.Get(field).Kind() == bencode.Invalid {
			return nil
		}
	}
	m.Target, err = id(args, field)
	m.HasTarget = err == nil
	return err
}

func (m *Message) announce(args bencode.Value) (err error) {
	if m.Token, err = text(args, "token", maxToken); err != nil {
		return err
	}
	implied, _ := args.Get("implied_port").Int()
	m.Implied = implied != 0
	port, ok := args.Get("port").Int()
	switch {
	case ok && port > 0 && port < 1<<16:
		m.Port = uint16(port)
	case !m.Implied:
		return &FieldError{"port", ErrValue}
	}
	return nil
}

func (m *Message) reply(v bencode.Value) (err error) {
	r := v.Get("r")
	if m.From, err = id(r, "id"); err != nil {
		return err
	}
	if you, ok := v.Get("ip").Bytes(); ok {
		m.You, _ = addrPort(you) // an answer that is useless otherwise as well
	}
	if r.Get("token").Kind() != bencode.Invalid {
		if m.Token, err = text(r, "token", maxToken); err != nil {
			return err
		}
	}
	if err := m.nodes(r.Get("nodes"), "nodes", 4); err != nil {
		return err
	}
	if err := m.nodes(r.Get("nodes6"), "nodes6", 16); err != nil {
		return err
	}
	for p := range r.Get("values").All() {
		b, _ := p.Bytes()
		if a, ok := addrPort(b); ok && len(m.Values) < maxValues {
			m.Values = append(m.Values, a)
		}
	}
	return nil
}

// nodes reads contacts whose addresses are size bytes long. Those without a
// port are left out.
func (m *Message) nodes(v bencode.Value, field string, size int) error {
	if v.Kind() == bencode.Invalid {
		return nil
	}
	b, ok := v.Bytes()
	if !ok {
		return &FieldError{field, ErrType}
	}
	each := len(ID{}) + size + 2
	if len(b)%each != 0 {
		return &FieldError{field, ErrLength}
	}
	for n := 0; len(b) > 0 && n < maxNodes; b = b[each:] {
		if a, ok := addrPort(b[len(ID{}):each]); ok {
			m.Nodes = append(m.Nodes, Contact{ID(b[:len(ID{})]), a})
			n++
		}
	}
	return nil
}

func (m *Message) failure(v bencode.Value) error {
	for first := range v.Get("e").All() {
		if code, ok := first.Int(); ok {
			m.Code = code
			return nil
		}
		break
	}
	return &FieldError{"e", ErrType}
}

// addrPort reads an address in compact form: 4 or 16 bytes and a port. IPv4
// mapped into IPv6 is none of IPv6, and port 0 none at all.
func addrPort(b []byte) (netip.AddrPort, bool) {
	if len(b) != 6 && len(b) != 18 {
		return netip.AddrPort{}, false
	}
	ip, _ := netip.AddrFromSlice(b[:len(b)-2])
	port := binary.BigEndian.Uint16(b[len(b)-2:])
	return netip.AddrPortFrom(ip, port), port != 0 && !ip.Is4In6()
}

func text(v bencode.Value, key string, longest int) (string, error) {
	b, ok := v.Get(key).Bytes()
	switch {
	case !ok:
		return "", &FieldError{key, ErrType}
	case len(b) > longest:
		return "", &FieldError{key, ErrSize}
	}
	return string(b), nil
}

func id(v bencode.Value, key string) (ID, error) {
	b, ok := v.Get(key).Bytes()
	switch {
	case !ok:
		return ID{}, &FieldError{key, ErrType}
	case len(b) != len(ID{}):
		return ID{}, &FieldError{key, ErrLength}
	}
	return ID(b), nil
}
