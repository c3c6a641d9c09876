package departed

import (
	"net/netip"
	"testing"
)

func TestBook(t *testing.T) {
	var b Book
	at := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}) }
	if _, ok := b.Find(1); ok {
		t.Error("somebody is in an empty book")
	}
	for i := range int32(most + 1) {
		b.Add(i, at(int(i)))
	}
	if _, ok := b.Find(0); ok {
		t.Error("the oldest is not forgotten")
	}
	if a, ok := b.Find(most); !ok || a != at(most) {
		t.Errorf("the newest is at %v, %t", a, ok)
	}
}
