package mtu_test

import (
	"testing"

	"github.com/warren-p2p/warren/internal/transport/utp/mtu"
)

func TestSearch(t *testing.T) {
	s := mtu.New(1372, []int{1452, 1472, 9000})
	try := func(want int) {
		t.Helper()
		if n, ok := s.Next(); n != want || ok != (want > 0) {
			t.Fatalf("tries %d, %v; want %d", n, ok, want)
		}
		if want > 0 {
			s.Begin()
		}
	}
	try(1452)
	try(0) // while it is under way
	s.Passed()
	try(1472)
	s.Failed()
	try(1472) // it may have been lost as any packet
	s.Passed()
	try(9000)
	s.Failed()
	try(9000)
	s.Failed()
	try(0)
	if s.Size() != 1472 {
		t.Errorf("%d bytes pass", s.Size())
	}
	s = mtu.New(1372, []int{1452})
	try(1452)
	s.Refused()
	s.Passed()
	try(0)
	if s.Size() != 1372 {
		t.Errorf("%d bytes pass, which were refused", s.Size())
	}
}
