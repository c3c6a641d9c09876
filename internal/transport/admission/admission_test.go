package admission

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"
)

func TestSlots(t *testing.T) {
	s := NewSlots(2, 1)
	a, b := netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24")
	if !s.Enter(a) || s.Enter(a) || !s.Enter(b) {
		t.Error("one network may have one")
	}
	s.Leave(a)
	if s.InUse() != 1 || !s.Enter(a) {
		t.Error("a place that was left is not free")
	}
	s.Leave(a)
	s.Leave(b)
	if len(s.taken) != 0 {
		t.Errorf("%d networks remembered", len(s.taken))
	}

	for range 2 {
		if err := s.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	errEnough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errEnough)
	if err := s.Wait(ctx); !errors.Is(err, errEnough) {
		t.Errorf("third of two: %v", err)
	}
	s.Release()
	if err := s.Wait(t.Context()); err != nil {
		t.Error(err)
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
