package btls

import (
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/warren-p2p/warren/internal/clock"
)

func tagFor(k Key, der string) Tag { return k.Tag(sha256.Sum256([]byte(der))) }

func TestTableRenewal(t *testing.T) {
	clk := clock.NewManual(time.Unix(1_800_000_000, 0))
	table := NewTable[string](clk)
	table.AddCertificate([]byte("old"))
	one, two := numbered(t, 1), numbered(t, 2)
	add(t, table, one, "one")
	table.AddCertificate([]byte("new"))
	table.RetireCertificate([]byte("old"))
	add(t, table, two, "two")

	check := func(when string, k Key, der, want string) {
		t.Helper()
		if _, got, ok := table.lookup(tagFor(k, der)); got != want || ok != (want != "") {
			t.Errorf("%s: lookup by %s certificate = %q, %v; want %q", when, der, got, ok, want)
		}
	}
	clk.Pass(59 * time.Minute)
	for _, der := range []string{"old", "new"} {
		check("within the hour", one, der, "one")
		check("within the hour", two, der, "two")
		check("within the hour", numbered(t, 3), der, "")
	}
	clk.Pass(time.Minute)
	check("after the hour", one, "old", "")
	check("after the hour", one, "new", "one")
	table.Remove(two)
	check("removed", two, "new", "")
	if n := len(table.leaves); n != 1 {
		t.Errorf("%d certificates kept, want 1", n)
	}
	table.RetireCertificate([]byte("new"))
	table.AddCertificate([]byte("new"))
	clk.Pass(2 * time.Hour)
	check("made live again", one, "new", "one")
}

func TestTableRefusesZeroKey(t *testing.T) {
	if err := NewTable[int](nil).Add(Key{}, 1); !errors.Is(err, ErrKey) {
		t.Errorf("got %v", err)
	}
}

// Whatever is done to a table, it answers as a plain map would.
func TestTableProperty(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		table := NewTable[int](clock.NewManual(time.Unix(1_800_000_000, 0)))
		table.AddCertificate([]byte("a"))
		model := map[Key]int{}
		r.Repeat(map[string]func(*rapid.T){
			"add": func(r *rapid.T) {
				k := numbered(t, rapid.IntRange(0, 9).Draw(r, "torrent"))
				v := rapid.Int().Draw(r, "value")
				model[k] = v
				add(t, table, k, v)
			},
			"remove": func(r *rapid.T) {
				k := numbered(t, rapid.IntRange(0, 9).Draw(r, "torrent"))
				delete(model, k)
				table.Remove(k)
			},
			"certificate": func(*rapid.T) { table.AddCertificate([]byte("b")) },
			"": func(r *rapid.T) {
				if len(table.Keys()) != len(model) {
					r.Fatalf("%d keys, want %d", len(table.Keys()), len(model))
				}
				for i := range 10 {
					k := numbered(t, i)
					want, known := model[k]
					if _, got, ok := table.lookup(tagFor(k, "a")); ok != known || got != want {
						r.Fatalf("torrent %d: %d, %v; want %d, %v", i, got, ok, want, known)
					}
				}
			},
		})
	})
}

func add[V any](t testing.TB, table *Table[V], k Key, v V) {
	t.Helper()
	if err := table.Add(k, v); err != nil {
		t.Fatal(err)
	}
}
