package changes_test

import (
	"testing"

	"github.com/warren-p2p/warren/internal/library/changes"
	"github.com/warren-p2p/warren/metainfo"
)

func TestSince(t *testing.T) {
	l := changes.New()
	begin := l.Now()
	changed, cancel := l.Subscribe()
	l.Next()
	l.Removed(7, metainfo.InfoHashes{})
	l.Next()
	middle := l.Now()
	l.Removed(8, metainfo.InfoHashes{})
	l.Grouped()
	select {
	case <-changed:
	default:
		t.Error("nobody was told")
	}
	cancel()
	if gone, groups, ok := l.Since(begin); !ok || len(gone) != 2 || gone[0].ID != 7 || !groups {
		t.Errorf("since the beginning: %v, %v, %v", gone, groups, ok)
	}
	if gone, groups, ok := l.Since(middle); !ok || len(gone) != 1 || gone[0].ID != 8 || !groups {
		t.Errorf("since the middle: %v, %v, %v", gone, groups, ok)
	}
	if gone, groups, ok := l.Since(l.Now()); !ok || len(gone) != 0 || groups {
		t.Errorf("since now: %v, %v, %v", gone, groups, ok)
	}
	for _, r := range []changes.Revision{0, l.Now() + 1} {
		if _, _, ok := l.Since(r); ok {
			t.Errorf("something is known of revision %d", r)
		}
	}
	select {
	case <-changed:
		t.Error("told after it was cancelled")
	default:
	}
}

// What is too long ago is not known, rather than known in part.
func TestForgotten(t *testing.T) {
	l := changes.New()
	first := l.Now()
	for id := range int64(10_001) {
		l.Removed(id, metainfo.InfoHashes{})
	}
	if _, _, ok := l.Since(first); ok {
		t.Error("all is known")
	}
	if gone, _, ok := l.Since(first + 1); !ok || len(gone) != 10_000 {
		t.Errorf("%d are known, %v", len(gone), ok)
	}
}
