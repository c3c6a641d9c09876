package reader

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/metainfo/piecespace"
)

const kib = 1 << 10

var epoch = time.Unix(1e9, 0)

// newWindow returns a window over the second of two files, in pieces of 64 KiB: it
// begins in the middle of piece 1 and ends in that of piece 20.
func newWindow(t *testing.T, a Ahead) *window {
	t.Helper()
	space, err := piecespace.Lay(piecespace.Space{
		Name: "set", MultiFile: true, PieceLength: 64 * kib,
		Files: []piecespace.File{{Path: []string{"a"}, Length: 96 * kib}, {Path: []string{"b"}, Length: 1216 * kib}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &window{space: &space, file: 1, ahead: a.withDefaults()}
}

// told returns what is wanted, as "piece@seconds".
func (w *window) told() string {
	var list []string
	for _, i := range slices.Sorted(maps.Keys(w.due)) {
		list = append(list, fmt.Sprintf("%d@%.1f", i, w.due[i].Sub(epoch).Seconds()))
	}
	return strings.Join(list, " ")
}

func none(int) bool { return false }

func TestWindow(t *testing.T) {
	w := newWindow(t, Ahead{Bytes: 128 * kib, Time: 2 * time.Second})
	expect := func(want string) {
		t.Helper()
		if got := w.told(); got != want {
			t.Errorf("wants %s, not %s", got, want)
		}
	}
	w.want(none, epoch)
	expect("1@0.0 2@0.5 3@1.5") // at 64 KiB a second
	if w.advance(30*kib, epoch) {
		t.Error("still in the first piece")
	}
	if !w.advance(20*kib, epoch) {
		t.Error("in the second one")
	}
	w.want(func(i int) bool { return i == 2 }, epoch.Add(time.Second))
	expect("3@1.5 4@2.7") // what was given stays
	w.move(0)
	expect("")
	w.move(1200 * kib)
	w.want(none, epoch)
	expect("20@0.0")
	w.move(1216 * kib)
	w.want(none, epoch)
	expect("")
}

// Who reads fast has more fetched ahead, and is promised it earlier.
func TestPace(t *testing.T) {
	w := newWindow(t, Ahead{Bytes: 1, Time: time.Second})
	w.want(none, epoch)
	if got := w.told(); got != "1@0.0 2@32768.0" {
		t.Errorf("at first %s: the next piece is always wanted", got)
	}
	w.due = nil
	for i := range 6 {
		w.advance(64*kib, epoch.Add(time.Duration(i)*time.Second))
	}
	w.ahead.Time = 3 * time.Second
	w.want(none, epoch)
	if got := w.told(); !strings.HasPrefix(got, "7@0.0 8@0.4 9@1.2 10@2.1 11@2.9") || strings.Contains(got, "12@") {
		t.Errorf("then %s", got)
	}
}

func TestDefaults(t *testing.T) {
	if a := (Ahead{}).withDefaults(); a.Bytes != defaultBytes || a.Time != defaultTime {
		t.Errorf("%+v", a)
	}
	if a := (Ahead{Bytes: 1 << 40, Time: time.Second}).withDefaults(); a.Bytes != mostBytes || a.Time != time.Second {
		t.Errorf("%+v", a)
	}
}
