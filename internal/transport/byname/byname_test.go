package byname

import (
	"crypto/tls"
	"testing"

	"github.com/warren-p2p/warren/btls/ssltorrent"
)

func TestAsked(t *testing.T) {
	var table Table
	m, name := &ssltorrent.Member{}, [20]byte{1}
	ask := func(server string, versions ...uint16) *ssltorrent.Member {
		got, _ := table.Asked(&tls.ClientHelloInfo{ServerName: server, SupportedVersions: versions})
		return got
	}
	known := ssltorrent.ServerName(name)
	if ask(known, tls.VersionTLS13) != nil {
		t.Error("an empty table knows something")
	}
	table.Add(name, m)
	for _, c := range []struct {
		server   string
		versions []uint16
		want     *ssltorrent.Member
	}{
		{known, []uint16{tls.VersionTLS13, tls.VersionTLS12}, m},
		{known + ".example.com", []uint16{tls.VersionTLS13}, m},
		{known, []uint16{tls.VersionTLS12}, nil},
		{ssltorrent.ServerName([20]byte{2}), []uint16{tls.VersionTLS13}, nil},
		{"www.example.com", []uint16{tls.VersionTLS13}, nil},
		{"", []uint16{tls.VersionTLS13}, nil},
	} {
		if got := ask(c.server, c.versions...); got != c.want {
			t.Errorf("%q with versions %x: %p", c.server, c.versions, got)
		}
	}
	table.Remove(name)
	if ask(known, tls.VersionTLS13) != nil {
		t.Error("known after it was removed")
	}
}
