package metainfo_test

import (
	"testing"

	"github.com/warren-p2p/warren/metainfo"
)

func TestInfoHashes(t *testing.T) {
	a := metainfo.HashInfo([]byte("a"), true, false)
	b := metainfo.HashInfo([]byte("a"), false, true)
	both := metainfo.HashInfo([]byte("a"), true, true)
	other := metainfo.HashInfo([]byte("b"), true, true)
	mixed := metainfo.InfoHashes{V1: both.V1, V2: other.V2, HasV1: true, HasV2: true}
	for _, c := range []struct {
		x, y metainfo.InfoHashes
		want bool
	}{{a, both, true}, {b, both, true}, {both, both, true}, {a, b, false}, {both, other, false}, {both, mixed, false}} {
		if c.x.Match(c.y) != c.want || c.y.Match(c.x) != c.want {
			t.Errorf("%v and %v: match is not %v", c.x, c.y, c.want)
		}
	}
	if a.Wire() != [20]byte(a.V1) || both.Wire() != [20]byte(a.V1) || b.Wire() != b.Truncated() || [20]byte(b.V2[:20]) != b.Wire() {
		t.Error("Wire does not prefer version 1")
	}
}
