package krpc

import (
	"encoding/binary"
	"net/netip"

	"github.com/warren-p2p/warren/internal/wire/bencode"
)

// version names the program to other nodes: two letters and a number, as BEP 5
// clients do.
const version = "WN\x00\x01"

// Append appends the encoding of a message.
func (m *Message) Append(dst []byte) []byte {
	d := map[string]any{"t": m.T, "y": string([]byte{byte(m.Kind)}), "v": version}
	switch m.Kind {
	case Query:
		d["q"], d["a"] = m.Method, m.arguments()
		if m.ReadOnly {
			d["ro"] = 1
		}
	case Reply:
		d["r"] = m.values()
		if m.You.IsValid() {
			d["ip"] = appendAddrPort(nil, m.You)
		}
	case Error:
		d["e"] = []any{m.Code, reason(m.Code)}
	}
	return bencode.Append(dst, d)
}

func (m *Message) arguments() map[string]any {
	a := map[string]any{"id": m.From[:]}
	switch m.Method {
	case GetPeers, AnnouncePeer:
		a["info_hash"] = m.Target[:]
	default:
		if m.HasTarget {
			a["target"] = m.Target[:]
		}
	}
	var want []any
	if m.Want4 {
		want = append(want, "n4")
	}
	if m.Want6 {
		want = append(want, "n6")
	}
	if want != nil {
		a["want"] = want
	}
	if m.Method == AnnouncePeer {
		a["token"] = m.Token
		a["port"] = int(m.Port)
		if m.Implied {
			a["implied_port"] = 1
		}
	}
	return a
}

func (m *Message) values() map[string]any {
	r := map[string]any{"id": m.From[:]}
	if m.Token != "" {
		r["token"] = m.Token
	}
	var nodes, nodes6 []byte
	for _, c := range m.Nodes {
		if c.Addr.Addr().Is4() {
			nodes = appendAddrPort(append(nodes, c.ID[:]...), c.Addr)
		} else {
			nodes6 = appendAddrPort(append(nodes6, c.ID[:]...), c.Addr)
		}
	}
	if nodes != nil {
		r["nodes"] = nodes
	}
	if nodes6 != nil {
		r["nodes6"] = nodes6
	}
	if len(m.Values) > 0 {
		list := make([]any, len(m.Values))
		for i, a := range m.Values {
			list[i] = appendAddrPort(nil, a)
		}
		r["values"] = list
	}
	return r
}

func appendAddrPort(dst []byte, a netip.AddrPort) []byte {
	return binary.BigEndian.AppendUint16(append(dst, a.Addr().AsSlice()...), a.Port())
}

func reason(code int64) string {
	switch code {
	case CodeServer:
		return "Server Error"
	case CodeProtocol:
		return "Protocol Error"
	case CodeMethod:
		return "Method Unknown"
	}
	return "Generic Error"
}
