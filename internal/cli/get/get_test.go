package get

import (
	"testing"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

func TestWords(t *testing.T) {
	for _, c := range []struct {
		s    swarm.Status
		want string
	}{
		{swarm.Status{Received: 10, SecretBytes: 10}, "All of it came over TLS."},
		{swarm.Status{Received: 10}, "None of it came over TLS: it was not protected from those who carried it."},
		{swarm.Status{Received: 10, Sent: 10, SecretBytes: 19}, "95% of it went over TLS; the rest was not protected from those who carried it."},
	} {
		if secrecy(c.s) != c.want {
			t.Errorf("%+v: %q, want %q", c.s, secrecy(c.s), c.want)
		}
	}
	v1, err := metainfo.ParseInfo([]byte("d6:lengthi3e4:name1:x12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae"))
	if err != nil {
		t.Fatal(err)
	}
	got := verified(v1, swarm.Status{Pieces: 1, Corrupt: 16384, Banned: 1})
	want := "1 piece, each checked by its SHA-1.\n  16.4 kB of wrong data were thrown away, 1 peer was banned."
	if got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
