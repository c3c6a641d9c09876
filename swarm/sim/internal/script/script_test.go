package script

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/swarm/sim/internal/network"
)

func TestParse(t *testing.T) {
	got, err := Parse("all", `
# everything there is
content pieces=7 blocks=3
until 10m
patience 90s
limits conns=20 halfopen=4
tracker want=5 every=30s   # soon again
group seed complete up=2M down=1.5M disk=500K limit=100K slots=4
group peers count=9 delay=10ms..60ms loss=0.1% nat=closed join=1s..2s leave=3s back=4s..5s quit=6s lie=50% hoard freeride stall=7s
split at=10s until=20s groups=seed,peers
split at=30s until=40s share=25%
expect p95 peers <= 1.3 ideal
expect max peers <= 2m
expect done peers = 100%
`)
	if err != nil {
		t.Fatal(err)
	}
	ms, s := time.Millisecond, time.Second
	want := &Scenario{
		Name: "all", Pieces: 7, Blocks: 3, Until: 600 * s, Patience: 90 * s, Conns: 20, HalfOpen: 4, Want: 5, Every: 30 * s,
		Groups: []*Group{
			{Name: "seed", Count: 1, Up: 2e6, Down: 1.5e6, Disk: 5e5, Delay: Span{10 * ms, 40 * ms}, Limit: 1e5, Slots: 4, Complete: true},
			{
				Name: "peers", Count: 9, Up: 2e5, Down: 1e6, Delay: Span{10 * ms, 60 * ms}, Loss: 0.001, NAT: network.Closed,
				Join: Span{s, 2 * s}, Leave: Span{3 * s, 3 * s}, Back: Span{4 * s, 5 * s}, Quit: 6 * s,
				Lie: 0.5, Hoard: true, FreeRide: true, Stall: 7 * s,
			},
		},
		Splits: []Split{{10 * s, 20 * s, []string{"seed", "peers"}, 0}, {30 * s, 40 * s, nil, 0.25}},
		Expects: []Expect{
			{"p95", "peers", "<=", 1.3, "ideal", "p95 peers <= 1.3 ideal"},
			{"max", "peers", "<=", 120, "", "max peers <= 2m"},
			{"done", "peers", "=", 1, "", "done peers = 100%"},
		},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestParseErrors(t *testing.T) {
	for _, text := range []string{
		"", "nonsense", "until", "until soon", "until 100h", "until 0s\ngroup a", "group", "group count=3", "group a\ngroup a",
		"group a count=0", "group a count=6000", "group a up=-1", "group a up=NaN", "group a up=1X", "group a loss=2", "group a loss=101%",
		"group a delay=2s..1s", "group a delay=0s", "group a nat=shut", "group a complete=yes", "group a colour=red",
		"content pieces=0\ngroup a", "content pieces=65536 blocks=1024\ngroup a", "group ideal",
		"group a\nsplit at=5s until=4s share=50%", "group a\nsplit at=1s until=4s", "group a\nsplit at=1s until=4s groups=b",
		"group a\nsplit at=1s until=9s share=1%\nsplit at=5s until=20s share=1%",
		"group a\nexpect", "group a\nexpect luck a <= 1", "group a\nexpect p50 a < 1", "group a\nexpect p50 b <= 1",
		"group a\nexpect p50 a <= x", "group a\nexpect p50 a <= 1 b", strings.Repeat("x", 1<<17),
	} {
		if _, err := Parse("bad", text); !errors.Is(err, ErrSyntax) {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("content pieces=7\nuntil 10m\ngroup a count=3 up=2M delay=1ms..2ms loss=1%\nexpect p95 a <= 1.3 ideal")
	f.Add("group a\nsplit at=1s until=2s groups=a\nexpect done a = 100%")
	f.Fuzz(func(t *testing.T, text string) {
		sc, err := Parse("fuzz", text)
		if err != nil {
			if !errors.Is(err, ErrSyntax) {
				t.Fatalf("an error of no type: %v", err)
			}
			return
		}
		if len(sc.Groups) == 0 || sc.Pieces < 1 || sc.Blocks < 1 || sc.Until <= 0 {
			t.Fatalf("%q gave %+v", text, sc)
		}
		for _, g := range sc.Groups {
			if g.Count < 1 || g.Up <= 0 || g.Down <= 0 || g.Delay.From <= 0 || g.Delay.To < g.Delay.From || g.Loss < 0 || g.Loss > 1 {
				t.Fatalf("%q gave %+v", text, g)
			}
		}
	})
}
