package picker

import (
	"math/rand/v2"
	"testing"
)

// Suggestions decide among equals, and nothing else.
func TestSuggest(t *testing.T) {
	start := func(prepare func(*Picker)) int {
		p := New(10, rand.New(rand.NewPCG(1, 2)))
		p.GainAll()
		prepare(p)
		i, ok := p.Start(1, all{}, epoch)
		if !ok {
			t.Fatal("nothing to start")
		}
		return i
	}
	common := func(p *Picker) {
		for i := range 10 {
			if i != 4 {
				p.Gain(i)
			}
		}
	}
	if i := start(func(p *Picker) { p.Suggest(1, 7) }); i != 7 {
		t.Errorf("of ten equals %d is started, not the one suggested", i)
	}
	if i := start(func(p *Picker) { common(p); p.Suggest(1, 7) }); i != 4 {
		t.Errorf("%d is started, and 4 is rarer", i)
	}
	if i := start(func(p *Picker) { p.SetPriority(3, High); p.Suggest(1, 7) }); i != 3 {
		t.Errorf("%d is started, and 3 is wanted more", i)
	}
	if i := start(func(p *Picker) { p.SetPriority(7, Skip); p.Suggest(1, 7) }); i == 7 {
		t.Error("a piece that is not wanted is started")
	}
	if i := start(func(p *Picker) { p.Start(2, pieceSet{7: true}, epoch); p.Suggest(1, 7); p.Suggest(1, 8) }); i != 8 {
		t.Errorf("%d is started, 7 is under way and 8 was suggested too", i)
	}
	if i := start(func(p *Picker) {
		p.Suggest(1, 7)
		for range maxHints {
			p.Suggest(1, 2)
		}
	}); i != 2 {
		t.Errorf("%d is started: old suggestions are to be forgotten", i)
	}
	p := New(10, rand.New(rand.NewPCG(1, 2)))
	p.Suggest(1, 7)
	p.LeaveAll(1)
	if len(p.hints) != 0 {
		t.Error("what a peer suggested outlives it")
	}
}
