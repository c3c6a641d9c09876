//go:build linux

package clients

import "fmt"

// Aria2 is aria2c. It dials with MSE first, and there is no option against it.
type Aria2 struct{}

// Name implements Client.
func (Aria2) Name() string { return "aria2" }

// Needs implements Client.
func (Aria2) Needs() (program, pack string) { return "aria2c", "aria2" }

// Forbids implements Client.
func (Aria2) Forbids() bool { return false }

// Setup implements Client.
func (Aria2) Setup(t Task) Setup {
	return Setup{
		Env: []string{"HOME=" + t.State},
		Args: []string{
			"aria2c", "--no-conf", "--summary-interval=0", "--console-log-level=notice", "--dir=" + t.Dir,
			fmt.Sprintf("--listen-port=%d", Port), "--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false",
			"--enable-peer-exchange=false", "--file-allocation=none", "--check-integrity=true", "--seed-ratio=0.0", "--seed-time=100",
			fmt.Sprintf("--bt-force-encryption=%t", t.MSE),
			t.From,
		},
	}
}

// Refuses implements Client.
func (Aria2) Refuses(s Source) *Refusal {
	switch {
	case s.Kind == "v2" && s.Magnet:
		return &Refusal{Why: "it knows version 1 only", Says: "Unrecognized URI or unsupported protocol"}
	case s.Kind == "v2":
		return &Refusal{Why: "it knows version 1 only", Says: "Missing pieces in torrent metainfo"}
	case s.Kind == "hybrid":
		return &Refusal{Why: "it encodes the info dictionary anew, and not as it was: its info-hash is another one"}
	}
	return nil
}

// Stumbles implements Client.
func (Aria2) Stumbles(Source) string { return "" }
