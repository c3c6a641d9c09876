package progress

import (
	"errors"
	"testing"

	"github.com/warren-p2p/warren/swarm"
)

func TestTLSPercent(t *testing.T) {
	for _, c := range []struct {
		s    swarm.Status
		want int
	}{
		{swarm.Status{}, -1},
		{swarm.Status{Received: 10, SecretBytes: 10}, 100},
		{swarm.Status{Received: 10}, 0},
		{swarm.Status{Received: 10, Sent: 10, SecretBytes: 19}, 95},
	} {
		if got := tlsPercent(c.s); got != c.want {
			t.Errorf("%+v: %d%%, want %d", c.s, got, c.want)
		}
	}
}

func TestReason(t *testing.T) {
	both := errors.Join(errors.New("the disk is full"), errors.New("close: no"))
	for want, err := range map[string]error{"": nil, "the disk is full; close: no": both} {
		if got := Reason(swarm.Status{Reason: err}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
