package storage_test

import (
	"context"
	"slices"
	"testing"
)

// What arrived and was not verified before a kill is read again, not fetched
// again; nobody trusts it before. What was found wrong is missing.
func TestArrive(t *testing.T) {
	eachKind(t, func(t *testing.T, w *world) {
		s := w.open(t)
		for i, p := range w.pieces {
			if err := s.Arrive(i, p); err != nil {
				t.Fatal(err)
			}
		}
		wrong := len(w.pieces) - 1
		if err := s.Reject(wrong); err != nil {
			t.Fatal(err)
		}
		if err := s.Confirm(0); err != nil {
			t.Fatal(err)
		}
		if s.Have().Count() != 1 || !s.Have().Has(0) {
			t.Errorf("%d pieces are trusted, want the first alone", s.Have().Count())
		}

		killed := w.open(t) // the first store is never closed
		doubt := killed.NeedsCheck()
		if slices.Contains(doubt, 0) || slices.Contains(doubt, wrong) || len(doubt) != len(w.pieces)-2 {
			t.Errorf("%v need a check, want all but the first and the last of %d", doubt, len(w.pieces))
		}
		if err := killed.Check(context.Background(), doubt, 1, nil); err != nil {
			t.Fatal(err)
		}
		if n := killed.Have().Count(); n != len(w.pieces)-1 {
			t.Errorf("%d of %d pieces after the check", n, len(w.pieces))
		}
		if err := killed.Arrive(wrong, w.pieces[wrong]); err != nil {
			t.Fatal(err)
		}
		if err := killed.Confirm(wrong); err != nil {
			t.Fatal(err)
		}
		if err := killed.Close(); err != nil {
			t.Fatal(err)
		}
		w.complete(t, w.content)
	})
}
