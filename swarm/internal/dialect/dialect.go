// Package dialect is the extended messages that two peers understand of each
// other (BEP 10): ours have fixed numbers, theirs are known once they said them.
package dialect

import (
	"cmp"
	"net/netip"
	"sync"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/conns/hint"
	"github.com/warren-p2p/warren/swarm/internal/conns/verdict"
)

// The numbers under which peers are to send us extended messages.
const (
	Handshake  = 0
	Pex        = 1
	Metadata   = 2
	UploadOnly = 3 // says that the handshake's upload_only has changed (libtorrent, BEP 21)
	Holepunch  = 4
	DontHave   = 7
)

// numbers says what the messages are called.
func numbers() map[string]byte {
	return map[string]byte{
		extension.NamePex: Pex, extension.NameMetadata: Metadata, "upload_only": UploadOnly,
		extension.NameHolepunch: Holepunch, extension.NameDontHave: DontHave,
	}
}

// Ours is what we tell a peer of ourselves.
type Ours struct {
	Client   string
	Port     uint16     // where we can be dialled; 0 if we cannot
	Queue    int        // requests that may wait
	Done     bool       // we want nothing, whether we have all or not (BEP 21)
	InfoLen  int        // of the info dictionary; 0 if it is not known
	YourIP   netip.Addr // of the peer
	Exchange bool       // peers may be told of each other (BEP 11)
	Punch    bool       // and introduced (BEP 55)
	TLS      extension.TLS
}

// Message returns our handshake, framed.
func (o Ours) Message() []byte {
	m := numbers()
	if !o.Exchange {
		delete(m, extension.NamePex)
	}
	if !o.Punch {
		delete(m, extension.NameHolepunch)
	}
	return peerwire.AppendExtended(nil, Handshake, extension.Handshake{
		M: m, V: o.Client, Reqq: o.Queue, UploadOnly: o.Done,
		MetadataSize: o.InfoLen, YourIP: o.YourIP, P: int(o.Port), TLS: o.TLS,
	}.Append(nil))
}

// Theirs is what a peer has told of itself. The zero value is that of one that
// has told nothing. It has a lock, with which no other is taken.
type Theirs struct {
	mu     sync.Mutex
	ids    [DontHave + 1]byte // by our number; 0 for what it does not understand
	client string
	listen hint.Hint
	heard  bool // of its handshake
	done   bool // it wants nothing
	told   bool // that we want nothing
}

// Learn takes a handshake of a peer at an address, whose port is 0 unless it was
// dialled there. The last one counts, but for where the peer can be dialled, and
// whether over TLS: what is kept of that is bounded, and must not be flushed by one
// that names port after port. It returns that if it is new.
//
// Who speaks of TLS is dialled at the port that it names for that, else where it
// says that it listens, else where it was dialled.
func (t *Theirs) Learn(h extension.Handshake, at netip.AddrPort) (listen hint.Hint, told bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for name, n := range numbers() {
		t.ids[n] = h.M[name]
	}
	t.client, t.done, t.heard = h.V, h.UploadOnly, true
	port, tls := h.P, h.TLS.V == extension.TLSVersion
	if !tls {
		h.TLS = extension.TLS{} // of another version nothing is known
	} else {
		port = cmp.Or(h.TLS.P, h.P, int(at.Port()))
	}
	if told = !t.listen.Addr.IsValid() && port > 0 && port < 1<<16; told {
		t.listen = hint.Hint{Addr: netip.AddrPortFrom(at.Addr(), uint16(port)), TLS: tls, Face: verdict.Face{Name: h.TLS.N, Pin: h.TLS.H}}
	}
	return t.listen, told
}

// Client returns what the peer calls itself.
func (t *Theirs) Client() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.client
}

// Listen returns where the peer can be dialled and what it said of TLS there, if it
// said so.
func (t *Theirs) Listen() hint.Hint {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.listen
}

// Understands reports whether the peer takes messages that have a number of ours.
func (t *Theirs) Understands(number byte) bool { return t.id(number) != 0 }

// MayTell reports whether the peer may tell us of others (BEP 11): it understands
// that, or has yet to say what it understands.
func (t *Theirs) MayTell() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.heard || t.ids[Pex] != 0
}

func (t *Theirs) id(number byte) byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ids[number]
}

// Append appends messages that have a number of ours, under the peer's own. It
// appends nothing if the peer does not understand them.
func (t *Theirs) Append(b []byte, number byte, payloads ...[]byte) []byte {
	id := t.id(number)
	if id == 0 {
		return b
	}
	for _, p := range payloads {
		b = peerwire.AppendExtended(b, id, p)
	}
	return b
}

// Hear takes a message about whether the peer wants anything: one byte, 0 if it
// does. Of others nothing is made.
func (t *Theirs) Hear(uploadOnly []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(uploadOnly) > 0 {
		t.done = uploadOnly[0] != 0
	}
}

// Introduce returns our handshake, framed, and remembers what it says of whether we
// want anything.
func (t *Theirs) Introduce(o Ours) []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.told = o.Done
	return o.Message()
}

// Tell returns the message that says whether we want nothing, framed; none if the
// peer knows, or does not understand it.
func (t *Theirs) Tell(done bool) []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	id := t.ids[UploadOnly]
	if id == 0 || t.told == done {
		return nil
	}
	t.told = done
	var flag byte
	if done {
		flag = 1
	}
	return peerwire.AppendExtended(nil, id, []byte{flag})
}

// Done reports whether the peer has said that it wants nothing (BEP 21).
func (t *Theirs) Done() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.done
}
