package prose

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func teller(topic string, seed uint64) *Teller {
	return NewTeller(English(), topic, rand.New(rand.NewPCG(seed, 0)))
}

func TestGrammar(t *testing.T) {
	if err := English().Check(); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"a:\n{b}", "a:\n{b}\nb:\n{A}", "a:\nx {a}"} {
		if parse(bad).Check() == nil {
			t.Errorf("%q is taken for a grammar", bad)
		}
	}
}

// TestTell: whatever is told has no hole, and is what the same chance tells again.
func TestTell(t *testing.T) {
	g := English()
	for _, topic := range g.Topics() {
		a, b := teller(topic, 7), teller(topic, 7)
		for rule := range g {
			rule, _, _ = strings.Cut(rule, "/")
			for range 20 {
				text := a.Tell(rule)
				// Rules come in another order with each run of this loop, the same for both.
				if again := b.Tell(rule); again != text {
					t.Fatalf("%q, then %q", text, again)
				}
				if text == "" || strings.ContainsAny(text, "{}*#") || strings.Contains(text, "a(n)") || strings.Contains(text, "  ") {
					t.Fatalf("%s: %q", rule, text)
				}
			}
		}
	}
}

func TestArticles(t *testing.T) {
	for in, want := range map[string]string{"a(n) odd a(n) day": "an odd a day", "x a(n) ": "x a ", "banana": "banana"} {
		if got := articles(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for in, want := range map[string]bool{"2-9": true, "9-2": false, "a-b": false, "2": false, "2-": false, "first": false} {
		if _, _, got := numbers(in); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}
