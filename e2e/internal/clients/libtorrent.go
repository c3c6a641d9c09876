//go:build linux

package clients

import _ "embed"

// Libtorrent is python3-libtorrent, run by a script of ours.
type Libtorrent struct{}

//go:embed libtorrent.py
var script string

// Name implements Client.
func (Libtorrent) Name() string { return "libtorrent" }

// Needs implements Client.
func (Libtorrent) Needs() (program, pack string) { return "/usr/bin/python3", "python3-libtorrent" }

// Forbids implements Client.
func (Libtorrent) Forbids() bool { return true }

// Setup implements Client.
func (Libtorrent) Setup(t Task) Setup {
	encryption := "plain"
	if t.MSE {
		encryption = "rc4"
	}
	return Setup{
		Args:  []string{"/usr/bin/python3", t.State + "/node.py", t.From, t.Dir, encryption},
		Files: []File{{"node.py", script}},
	}
}

// Refuses implements Client.
func (Libtorrent) Refuses(Source) *Refusal { return nil }

// Stumbles implements Client.
func (Libtorrent) Stumbles(s Source) string {
	if s.Kind == "hybrid" && s.Magnet {
		return "2.0.8 takes the two kinds of hashes for contradictory now and then, also among its own (error 217)"
	}
	return ""
}
