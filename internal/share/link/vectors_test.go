package link_test

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"github.com/warren-p2p/warren/internal/share/link"
)

// TestVectors: another program writes and reads the same links.
func TestVectors(t *testing.T) {
	var v struct {
		Links   []struct{ Text, Kind, Address, Token, Ticket, Share, Secret, Pin string }
		Refused []struct{ Why, Text string } `json:"refused_links"`
	}
	text, err := os.ReadFile("../record/testdata/vectors.json")
	if err == nil {
		err = json.Unmarshal(text, &v)
	}
	if err != nil || len(v.Links) != 4 || len(v.Refused) < 10 {
		t.Fatalf("vectors: %v", err)
	}
	for _, one := range v.Links {
		l := link.Link{Kind: link.Private, Address: one.Address}
		if one.Kind == "public" {
			l.Kind = link.Public
		}
		for text, into := range map[string][]byte{one.Token: l.Token[:], one.Ticket: l.Ticket[:], one.Share: l.Share[:], one.Secret: l.Secret[:], one.Pin: l.Pin[:]} {
			if b, err := hex.DecodeString(text); err != nil || len(b) != 0 && copy(into, b) != len(into) {
				t.Fatal(err)
			}
		}
		if got := l.Text(); got != one.Text {
			t.Errorf("it is written as %s, not %s", got, one.Text)
		}
		if got, err := link.Parse(one.Text); err != nil || got != l {
			t.Errorf("%s is another link: %v", one.Text, err)
		}
	}
	for _, one := range v.Refused {
		if _, err := link.Parse(one.Text); err == nil {
			t.Errorf("%s: it is taken", one.Why)
		}
	}
}
