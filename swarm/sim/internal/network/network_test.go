package network

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/warren-p2p/warren/swarm/sim/internal/events"
)

// flow is a source of so many blocks, and the sink of them.
type flow struct {
	left, landed int
	busy         time.Duration
}

func (f *flow) Waiting() bool { return f.left > 0 }

func (f *flow) Next() (Block, bool) {
	f.left--
	return Block{Index: int32(f.left)}, true
}

func (f *flow) Land(Block) time.Duration {
	f.landed++
	return f.busy
}

func newNet() *Network { return New(&events.Queue{}, rand.New(rand.NewPCG(1, 1))) }

func (n *Network) run() {
	for _, ok := n.Time.Next(); ok; {
		_, ok = n.Time.Next()
	}
}

func line(rate float64, delay time.Duration) Spec { return Spec{Up: rate, Down: rate, Delay: delay} }

// TestRate sends 6.5 MB from several hosts to one: the narrowest line decides.
func TestRate(t *testing.T) {
	for _, tt := range []struct {
		name     string
		from, to Spec
		flows    int
		busy     time.Duration
		want     float64 // bytes per second
	}{
		{"upload", line(1e5, 10*time.Millisecond), line(1e6, 10*time.Millisecond), 1, 0, 1e5},
		{"download", line(1e6, 10*time.Millisecond), line(1e5, 10*time.Millisecond), 1, 0, 1e5},
		{"three uploads", line(1e5, 10*time.Millisecond), line(1e6, 10*time.Millisecond), 3, 0, 3e5},
		{"three into one", line(1e6, 10*time.Millisecond), line(2e5, 10*time.Millisecond), 3, 0, 2e5},
		{"disk", Spec{Up: 1e6, Down: 1e6, Disk: 5e4, Delay: time.Millisecond}, line(1e6, time.Millisecond), 1, 0, 5e4},
		{"slow reader", line(1e6, time.Millisecond), line(1e6, time.Millisecond), 1, BlockLen * 10 * time.Microsecond, 1e5},
	} {
		n := newNet()
		to := n.Add(tt.to)
		total := 0
		for range tt.flows {
			f := &flow{left: 400, busy: tt.busy}
			total += f.left
			NewPipe(n.Add(tt.from), to, f, f).Kick()
		}
		n.run()
		rate := float64(total) * BlockLen / n.Time.Elapsed().Seconds()
		if rate < 0.9*tt.want || rate > 1.02*tt.want {
			t.Errorf("%s: %.0f B/s, want %.0f", tt.name, rate, tt.want)
		}
	}
}

// TestLoss: what is lost is sent again, and the flow slows down.
func TestLoss(t *testing.T) {
	var took [2]time.Duration
	for i, loss := range []float64{0, 0.02} {
		n := newNet()
		from := n.Add(Spec{Up: 1e6, Down: 1e6, Delay: 50 * time.Millisecond, Loss: loss})
		f := &flow{left: 300}
		NewPipe(from, n.Add(line(1e6, 50*time.Millisecond)), f, f).Kick()
		n.run()
		if took[i] = n.Time.Elapsed(); f.landed != 300 {
			t.Errorf("%v lost: %d of 300 blocks came", loss, f.landed)
		}
	}
	if took[1] < 2*took[0] {
		t.Errorf("%v with loss, %v without", took[1], took[0])
	}
}

// TestTurns: flows of one host get the same.
func TestTurns(t *testing.T) {
	n := newNet()
	from := n.Add(line(1e6, time.Millisecond))
	var flows [4]*flow
	for i := range flows {
		flows[i] = &flow{left: 1000}
		NewPipe(from, n.Add(line(1e6, time.Millisecond)), flows[i], flows[i]).Kick()
	}
	for n.Time.Elapsed() < 10*time.Second {
		n.Time.Next()
	}
	for i, f := range flows {
		if d := f.landed - flows[0].landed; d < -5 || d > 5 || f.landed < 100 {
			t.Errorf("flow %d: %d blocks, the first %d", i, f.landed, flows[0].landed)
		}
	}
}

// TestTellKeepsOrder: messages come in the order they were sent, whatever each
// took.
func TestTellKeepsOrder(t *testing.T) {
	n := newNet()
	f := &flow{}
	p := NewPipe(n.Add(line(1e6, 500*time.Millisecond)), n.Add(line(1e6, time.Millisecond)), f, f)
	var got []int
	for i := range 50 {
		p.Tell(func() { got = append(got, i) })
	}
	n.run()
	for i, v := range got {
		if v != i {
			t.Fatalf("message %d came as number %d", v, i)
		}
	}
	p.Tell(func() { t.Error("a message came out of a closed pipe") })
	p.Close()
	n.run()
}

func TestReaches(t *testing.T) {
	n := newNet()
	open, cone, closed := n.Add(Spec{}), n.Add(Spec{NAT: Cone}), n.Add(Spec{NAT: Closed})
	if !n.Reaches(closed, open) || !n.Reaches(open, cone) || n.Reaches(open, closed) {
		t.Error("a NAT lets in whom it should not, or the other way round")
	}
	n.Split(func(id int32) int { return int(id % 2) })
	if n.Reaches(closed, cone) || !n.Reaches(closed, open) {
		t.Error("a split does not part what it should, or more")
	}
	n.Heal()
	if !n.Reaches(closed, cone) {
		t.Error("nobody comes together again")
	}
}
