package contact_test

import (
	"slices"
	"testing"

	"github.com/warren-p2p/warren/internal/cli/contact"
	"github.com/warren-p2p/warren/swarm"
)

func TestUnprotected(t *testing.T) {
	got := contact.Unprotected([]swarm.Unprotected{
		{Source: "tracker a.example", ByID: true, Why: "x"},
		{Source: "web seed b\x1b[31m", Why: "content would come in clear"},
		{Source: "DHT", ByID: true, Why: "y"},
		{Source: "tracker c", Why: "z"},
		{Source: "web seed d", Why: "content would come in clear"},
	})
	want := []string{
		"Asked for peers under an id that changes every week, not under the info-hash: tracker a.example, DHT. Only peers that demand TLS as well are found there.",
		"Not used, because content would come in clear: web seed b\ufffd[31m, web seed d.",
		"Not used, because z: tracker c.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := contact.Unprotected(nil); got != nil {
		t.Errorf("%q", got)
	}
}
