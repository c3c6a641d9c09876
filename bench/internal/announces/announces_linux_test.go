package announces

import (
	"strings"
	"testing"
	"time"
)

func TestWindow(t *testing.T) {
	w, now := newWindow(2), time.Unix(100, 0)
	a, b := w.take(now), w.take(now.Add(time.Second))
	if a == b || len(w.free) != 0 {
		t.Fatalf("ids %d and %d, %d slots free", a, b, len(w.free))
	}
	if !w.give(a) || w.give(a) {
		t.Error("an answer counts twice, or not at all")
	}
	if n := w.lose(now.Add(time.Second + late + 1)); n != 1 || len(w.free) != 2 || w.give(b) {
		t.Errorf("%d lost, %d slots free", n, len(w.free))
	}
}

// Filling announces each peer once; what comes after announces none but those.
func TestPeer(t *testing.T) {
	l := &load{what: Fill, most: Torrents*2 + 1}
	seen := map[[2]int]bool{}
	for {
		torrent, port, ok := l.peer(nil)
		if !ok {
			break
		}
		seen[[2]int{torrent, int(port)}] = true
	}
	if len(seen) != Torrents*2+1 || !seen[[2]int{0, 1024}] || !seen[[2]int{0, 1026}] || seen[[2]int{1, 1026}] {
		t.Errorf("%d peers", len(seen))
	}
}

func TestTold(t *testing.T) {
	got, err := parse("words\n{\"announces\":5,\"lost\":1,\"seconds\":2.5}\n")
	if err != nil || got != (Told{Announces: 5, Lost: 1, Seconds: 2.5}) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := parse("words"); err == nil {
		t.Error("words are figures")
	}
	if list := strings.Fields(List()); len(list) != Torrents || len(list[0]) != 40 || list[0] == list[1] {
		t.Errorf("%d info-hashes", len(list))
	}
}
