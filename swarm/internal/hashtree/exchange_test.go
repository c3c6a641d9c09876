package hashtree

import (
	"bytes"
	"errors"
	"testing"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/peerwire"
)

// shelf has all pieces but one.
type shelf struct {
	lacks  int
	leaves Leaves
}

func (s shelf) Has(piece int) bool                     { return piece != s.lacks }
func (s shelf) Leaves(piece int) ([]merkle.Hash, bool) { return s.leaves(piece) }
func (s shelf) Trees() *Trees                          { return new(Trees) }

const headerLen = 5

// askable returns the first pieces of the torrent whose leaves can be asked for.
func askable(m *metainfo.Torrent) (pieces []int, requests []peerwire.HashRequest) {
	for piece := range m.Info.NumPieces() {
		if r, ok := PieceRequest(&m.Info, piece); ok {
			pieces, requests = append(pieces, piece), append(requests, r)
		}
	}
	return pieces, requests
}

// What one end asks the other answers, and what that says is proven.
func TestExchange(t *testing.T) {
	m, leaves := share(t)
	pieces, requests := askable(m)
	var near, far Exchange
	s := shelf{-1, leaves}
	for i, r := range requests[:maxAsked] {
		if !near.Ask(r, pieces[i]) {
			t.Fatalf("request %d is one too many", i)
		}
	}
	if near.Ask(requests[maxAsked], pieces[maxAsked]) {
		t.Error("there is no end to what is asked")
	}
	for i, r := range requests[:maxAsked] {
		out, err := far.Message(peerwire.IDHashRequest, peerwire.AppendHashRequest(nil, r)[headerLen:], m, s)
		if err != nil || len(out.Reply) < headerLen || peerwire.ID(out.Reply[4]) != peerwire.IDHashes {
			t.Fatalf("piece %d: answered %x, %v", pieces[i], out.Reply, err)
		}
		in, err := near.Message(peerwire.IDHashes, out.Reply[headerLen:], m, s)
		want, _ := leaves(pieces[i])
		if err != nil || in.Piece != pieces[i] || len(in.Leaves) < len(want) || in.Leaves[0] != want[0] {
			t.Errorf("piece %d: learned %d leaves of %d, %v", pieces[i], len(in.Leaves), in.Piece, err)
		}
		if again, err := near.Message(peerwire.IDHashes, out.Reply[headerLen:], m, s); err != nil || again.Leaves != nil {
			t.Errorf("piece %d counts twice: %v", pieces[i], err)
		}
	}
	if !near.Ask(requests[maxAsked], pieces[maxAsked]) {
		t.Error("what is answered still counts")
	}
}

// A rejected request makes room for another, and nothing comes of it any more.
func TestExchangeRejects(t *testing.T) {
	m, leaves := share(t)
	pieces, requests := askable(m)
	var near, far Exchange
	out, err := far.Message(peerwire.IDHashRequest, peerwire.AppendHashRequest(nil, requests[0])[headerLen:], m, shelf{pieces[0], leaves})
	if err != nil || !bytes.Equal(out.Reply, peerwire.AppendHashReject(nil, requests[0])) {
		t.Fatalf("answered %x, %v", out.Reply, err)
	}
	near.Ask(requests[0], pieces[0])
	if in, err := near.Message(peerwire.IDHashReject, out.Reply[headerLen:], m, nil); err != nil || in.Reply != nil || in.Leaves != nil {
		t.Errorf("came to %+v, %v", in, err)
	}
	if _, ok := near.end(requests[0]); ok {
		t.Error("it is still waited for")
	}
}

// A peer cannot have us read and hash without end.
func TestExchangeServes(t *testing.T) {
	m, leaves := share(t)
	_, requests := askable(m)
	var e Exchange
	ask := peerwire.AppendHashRequest(nil, requests[0])[headerLen:]
	served := func() (n int) {
		for range 2 * maxServed {
			out, err := e.Message(peerwire.IDHashRequest, ask, m, shelf{-1, leaves})
			if err != nil {
				t.Fatal(err)
			}
			if peerwire.ID(out.Reply[4]) == peerwire.IDHashes {
				n++
			}
		}
		return n
	}
	if n := served(); n != maxServed {
		t.Errorf("%d answers", n)
	}
	if e.Forgive(); served() != maxServed {
		t.Error("it is not forgiven")
	}
}

// Wrong hashes and broken messages end the connection.
func TestExchangeNonsense(t *testing.T) {
	m, leaves := share(t)
	pieces, requests := askable(m)
	var e Exchange
	e.Ask(requests[0], pieces[0])
	list, _ := new(Trees).Reply(m, requests[0], leaves)
	list[0] ^= 1
	wrong := peerwire.AppendHashes(nil, peerwire.Hashes{HashRequest: requests[0], List: list})
	if _, err := e.Message(peerwire.IDHashes, wrong[headerLen:], m, nil); !errors.Is(err, ErrWrong) {
		t.Errorf("wrong hashes: %v", err)
	}
	for _, id := range []peerwire.ID{peerwire.IDHashRequest, peerwire.IDHashes, peerwire.IDHashReject} {
		if _, err := e.Message(id, []byte{1}, m, nil); err == nil {
			t.Errorf("%v of one byte is taken", id)
		}
	}
}
