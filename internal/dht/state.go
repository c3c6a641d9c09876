package dht

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"

	"github.com/warren-p2p/warren/internal/dht/krpc"
	"github.com/warren-p2p/warren/internal/vfs"
)

// stateFile is what is known of the DHT between two runs.
const stateFile = "dht.json"

// maxKept is how many nodes of a family are kept.
const maxKept = 200

// state is what the file holds.
type state struct {
	IPv4 halfState `json:"ipv4"`
	IPv6 halfState `json:"ipv6"`
}

type halfState struct {
	ID    string           `json:"id,omitempty"`  // hexadecimal
	Self  netip.Addr       `json:"self,omitzero"` // the address the id is bound to
	Nodes []netip.AddrPort `json:"nodes,omitempty"`
}

func (s *state) half(v6 bool) *halfState {
	if v6 {
		return &s.IPv6
	}
	return &s.IPv4
}

// id returns the id, zero if there is none.
func (h *halfState) id() (id krpc.ID) {
	b, err := hex.DecodeString(h.ID)
	if err == nil && len(b) == len(id) {
		copy(id[:], b)
	}
	return id
}

// addrs returns the nodes.
func (h *halfState) addrs() []netip.AddrPort { return h.Nodes[:min(len(h.Nodes), maxKept)] }

// load reads what was known; nothing if there is no file.
func load(dir vfs.FS) (s state, err error) {
	b, err := vfs.ReadFile(dir, stateFile)
	if errors.Is(err, fs.ErrNotExist) {
		return state{}, nil
	}
	if err == nil {
		s, err = parseState(b)
	}
	if err != nil {
		return state{}, fmt.Errorf("read %s: %w", stateFile, err)
	}
	return s, nil
}

// parseState reads the file. Addresses of a family are where they belong.
func parseState(b []byte) (s state, err error) {
	if err := json.Unmarshal(b, &s); err != nil {
		return state{}, err
	}
	for _, v6 := range []bool{false, true} {
		h := s.half(v6)
		if h.Self.IsValid() && (h.Self.Is6() != v6 || h.Self.Is4In6() || h.Self.Zone() != "") {
			return state{}, fmt.Errorf("an address of the other family")
		}
		for _, a := range h.Nodes {
			if !a.IsValid() || a.Port() == 0 || a.Addr().Is6() != v6 || a.Addr().Is4In6() {
				return state{}, fmt.Errorf("a node of the other family")
			}
		}
	}
	return s, nil
}

// save writes what is known. A table that is empty does not replace one that was
// not: the network may be down.
func (n *Node) save() error {
	s, err := load(n.cfg.Home)
	if err != nil {
		s = state{}
	}
	for _, half := range n.halves {
		h := s.half(half.v6)
		e := half.current()
		if e == nil {
			continue
		}
		id := e.ID()
		half.mu.Lock()
		h.ID, h.Self = hex.EncodeToString(id[:]), half.self
		half.mu.Unlock()
		if list := e.Contacts(); len(list) > 0 {
			h.Nodes = nil
			for _, c := range list[:min(len(list), maxKept)] {
				h.Nodes = append(h.Nodes, c.Addr)
			}
		}
	}
	b, err := json.Marshal(s)
	if err == nil {
		err = vfs.WriteFileAtomic(n.cfg.Home, stateFile, b, 0o600)
	}
	if err != nil {
		return fmt.Errorf("keep what is known of the DHT: %w", err)
	}
	return nil
}
