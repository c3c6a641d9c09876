package netpolicy_test

import (
	"errors"
	"testing"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

// What is off opens nothing and asks nobody.
func TestOff(t *testing.T) {
	var p netpolicy.Off
	_, dial := p.Dial(t.Context(), "127.0.0.1:1")
	_, listen := p.Listen(t.Context(), "127.0.0.1:0")
	_, packet := p.ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	_, names := p.Resolve(t.Context(), "127.0.0.1")
	for _, err := range []error{dial, listen, packet, names} {
		if !errors.Is(err, netpolicy.ErrOff) {
			t.Errorf("error %v", err)
		}
	}
}

// This machine is reached whatever the policy is; nothing else is.
func TestLocal(t *testing.T) {
	l, err := netpolicy.Direct{}.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p := netpolicy.Local{Policy: netpolicy.Off{}}
	c, err := p.Dial(t.Context(), l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	for _, addr := range []string{"192.0.2.1:80", "localhost.example:80", "here:80"} {
		if _, err := p.Dial(t.Context(), addr); !errors.Is(err, netpolicy.ErrOff) {
			t.Errorf("%s: %v", addr, err)
		}
	}
}
