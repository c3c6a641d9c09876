package seek_test

import (
	"bytes"
	"testing"

	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/hashtree"
	"github.com/warren-p2p/warren/swarm/internal/seek"
)

const headerLen = 5

// Messages about hashes go to the seeker; requests for them are rejected.
func TestEarlyHashes(t *testing.T) {
	s := newScene(t, create.V2, nil)
	var first, second someone
	var one, two seek.Early
	one.Enter(s.Seeker, &first, s.under(2))
	s.tell(one.ID())
	if len(first.hashes) != 1 {
		t.Fatalf("asked %v", first.hashes)
	}
	r := first.hashes[0]
	reply, err := one.Hashes(peerwire.IDHashRequest, peerwire.AppendHashRequest(nil, r)[headerLen:])
	if err != nil || !bytes.Equal(reply, peerwire.AppendHashReject(nil, r)) {
		t.Errorf("answered %x, %v", reply, err)
	}
	if reply, err := one.Hashes(peerwire.IDHashReject, reply[headerLen:]); reply != nil || err != nil {
		t.Errorf("answered %x, %v to a reject", reply, err)
	}
	two.Enter(s.Seeker, &second, s.under(2))
	if len(second.hashes) != 1 {
		t.Fatalf("after a reject another is asked %v", second.hashes)
	}
	list, _ := new(hashtree.Trees).Reply(s.full, r, nil)
	answer := peerwire.AppendHashes(nil, peerwire.Hashes{HashRequest: second.hashes[0], List: list})
	if reply, err := two.Hashes(peerwire.IDHashes, answer[headerLen:]); reply != nil || err != nil {
		t.Errorf("answered %x, %v to hashes", reply, err)
	}
	if m, err := s.Result(); m == nil || err != nil {
		t.Errorf("found %v, %v", m, err)
	}
	for _, id := range []peerwire.ID{peerwire.IDHashRequest, peerwire.IDHashes, peerwire.IDHashReject} {
		if _, err := two.Hashes(id, []byte{1}); err == nil {
			t.Errorf("%v of one byte is taken", id)
		}
	}
}
