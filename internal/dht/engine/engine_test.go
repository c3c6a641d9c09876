package engine_test

import (
	"encoding/hex"
	"net/netip"
	"testing"

	"github.com/warren-p2p/warren/internal/dht/engine"
	"github.com/warren-p2p/warren/internal/dht/krpc"
)

// The vectors of BEP 42.
func TestBound(t *testing.T) {
	for address, text := range map[string]string{
		"124.31.75.21": "5fbfbff10c5d6a4ec8a88e4c6ab4c28b95eee401",
		"21.75.31.124": "5a3ce9c14e7a08645677bbd1cfe7d8f956d53256",
		"65.23.51.170": "a5d43220bc8f112a3d426c84764f8c2a1150e616",
		"84.124.73.14": "1b0321dd1bb1fe518101ceef99462b947a01ff41",
		"43.213.53.83": "e56f6cbf5b7c4be0237986d5243b87aa6d51305a",
	} {
		b, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		at := netip.MustParseAddr(address)
		id := krpc.ID(b)
		if !engine.Bound(id, at) {
			t.Errorf("%x is bound to %v", id, at)
		}
		id[0]++
		if engine.Bound(id, at) {
			t.Errorf("%x is not bound to %v", id, at)
		}
		if !engine.Bound(id, netip.MustParseAddr("192.168.1.1")) {
			t.Error("a local network needs no bound ids")
		}
		if id = engine.Bind(id, at); !engine.Bound(id, at) {
			t.Errorf("%x was not bound to %v", id, at)
		}
	}
	six := netip.MustParseAddr("2600::1")
	if id := engine.Bind(krpc.ID{1, 2, 3}, six); !engine.Bound(id, six) {
		t.Errorf("%x was not bound to %v", id, six)
	}
}
