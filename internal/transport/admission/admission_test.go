package admission

import (
	"context"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"
)

// crowd is places and who was sent away from them.
type crowd struct {
	*Slots
	sent map[string]int
}

func newCrowd(b Bounds) *crowd { return &crowd{NewSlots(b), map[string]int{}} }

func (c *crowd) enter(addr string) *Slot {
	return c.Enter(netip.MustParseAddr(addr), func() { c.sent[addr]++ })
}

// One host may have few places, one network more, this machine as many as a
// network; what was left is free.
func TestSlots(t *testing.T) {
	c := newCrowd(Bounds{All: 100, PerNetwork: 3, PerHost: 2})
	var taken []*Slot
	for i, step := range []struct {
		addr string
		want bool
	}{
		{"192.0.2.1", true}, {"192.0.2.1", true}, {"192.0.2.1", false},
		{"192.0.2.2", true}, {"192.0.2.3", false}, {"::ffff:192.0.2.4", false},
		{"2001:db8::1", true}, {"2001:db8::2", true}, {"2001:db8::3", false}, {"2001:db8:0:1::", true}, {"2001:db8:0:2::", false},
		{"127.0.0.1", true}, {"127.0.0.1", true}, {"127.0.0.1", true}, {"127.0.0.1", false},
	} {
		slot := c.enter(step.addr)
		if (slot != nil) != step.want {
			t.Errorf("step %d, %s: %t", i, step.addr, slot != nil)
		}
		if slot != nil {
			taken = append(taken, slot)
		}
	}
	if n := c.InUse(); n != len(taken) {
		t.Errorf("%d in use of %d", n, len(taken))
	}
	for range 2 { // the second time for nothing
		taken[0].Leave()
	}
	if again := c.enter("192.0.2.1"); again == nil || c.enter("192.0.2.1") != nil {
		t.Error("not one place was left")
	} else {
		taken[0] = again
	}
	for _, slot := range taken {
		slot.Leave()
	}
	if len(c.networks) != 0 || len(c.hosts) != 0 || c.InUse() != 0 || len(c.sent) != 0 {
		t.Errorf("%d networks, %d hosts, %d places, sent away %v", len(c.networks), len(c.hosts), c.InUse(), c.sent)
	}
}

// When all places are taken those who have most give one to who has fewer, the
// oldest first, and nobody waits for them; who has as many displaces its own.
func TestSlotsMakeRoom(t *testing.T) {
	c := newCrowd(Bounds{All: 4, PerNetwork: 4, PerHost: 4})
	for _, addr := range []string{"192.0.2.1", "192.0.2.2", "198.51.100.1", "198.51.100.2"} {
		c.enter(addr)
	}
	for i, step := range []struct{ addr, sent string }{
		{"192.0.2.3", "192.0.2.1"},
		{"203.0.113.1", ""}, // of one of the two
		{"203.0.113.2", ""}, // of the other, or its own
	} {
		was := len(c.sent)
		if c.enter(step.addr) == nil || len(c.sent) != was+1 || step.sent != "" && c.sent[step.sent] != 1 {
			t.Errorf("step %d: sent away %v", i, c.sent)
		}
	}
	if c.InUse() != 4 {
		t.Errorf("%d places", c.InUse())
	}
}

// Only as many networks as there are places make another one wait.
func TestSlotsWait(t *testing.T) {
	c := newCrowd(Bounds{All: 2, PerNetwork: 1, PerHost: 1})
	first := c.enter("192.0.2.1")
	if c.enter("198.51.100.1") == nil || c.enter("203.0.113.1") != nil {
		t.Error("not two places of two")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if c.Await(ctx, netip.MustParseAddr("203.0.113.1"), nil) != nil {
		t.Error("a third place of two")
	}
	if c.Await(t.Context(), netip.MustParseAddr("192.0.2.1"), nil) != nil {
		t.Error("who has its share got more")
	}
	got := make(chan *Slot)
	go func() { got <- c.Await(t.Context(), netip.MustParseAddr("203.0.113.1"), nil) }()
	first.Leave()
	if <-got == nil {
		t.Error("no place after one was left")
	}
}

// wrapped stands for a TLS connection: Close would wait for the other side.
type wrapped struct{ net.Conn }

func (w wrapped) NetConn() net.Conn { return w.Conn }
func (w wrapped) Close() error      { panic("closed above the socket") }

func TestVisitorsCloseTheOldest(t *testing.T) {
	v := NewVisitors(2)
	var inside, outside []net.Conn
	for range 3 {
		a, b := net.Pipe()
		defer a.Close()
		defer b.Close()
		inside, outside = append(inside, &wrapped{a}), append(outside, b)
		if !v.Add(inside[len(inside)-1]) {
			t.Fatal("refused")
		}
	}
	if _, err := outside[0].Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the oldest: %v", err)
	}
	for _, c := range outside[1:] {
		c.SetReadDeadline(time.Now())
		if _, err := c.Read(make([]byte, 1)); err == io.EOF {
			t.Error("a newer one was closed")
		}
		c.SetReadDeadline(time.Time{})
	}
	v.Remove(inside[0]) // the HTTP server notices late; this must be harmless
	v.Remove(inside[1])
	if n := v.Count(); n != 1 {
		t.Errorf("%d kept, want 1", n)
	}
	done := make(chan struct{})
	go func() { v.Close(); close(done) }()
	if _, err := outside[2].Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the last: %v", err)
	}
	select {
	case <-done:
		t.Error("Close did not wait")
	default:
	}
	v.Remove(inside[2])
	<-done
	if v.Add(inside[0]) {
		t.Error("taken in after Close")
	}
}
