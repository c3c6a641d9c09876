package main

import (
	"fmt"
	"strings"

	"github.com/warren-p2p/warren/bench/internal/verdict"
)

// judgement is a row and what was said of it.
type judgement struct {
	row
	verdict.Verdict
}

const intro = `# What watchers take it for

Written by ` + "`make dpi`" + `, which records transfers between real programs on a cable of
their own, with packets of 1,500 bytes, and hands the captures to nDPI and to
Wireshark's tshark. Nothing here is a promise about other programs or later versions:
run it with yours. Here it was
%s.

*Seen* is what of the torrent is in the bytes, or in what the two programs print:
the word BitTorrent, the info-hash (raw, in hex, in base32), the name of the file,
a peer id, the content. The command fails if anything is seen of a transfer of ours
over TLS, or if nDPI tells one from a WebSocket of Chromium at the same server: by
another protocol, or by a risk that it does not see there. Where ours greets as
Chrome does the risks have to be the same ones; where it greets as a program in Go
there may be fewer.

| what | port | nDPI | risks, according to nDPI | tshark | seen | JA3 |
|---|---|---|---|---|---|---|
`

// document is the page.
func document(judged []judgement, versions []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, intro, strings.Join(versions, ", "))
	for _, j := range judged {
		name := j.name
		if j.host != "" {
			name += ", by name"
		}
		if j.ours {
			name = "**" + name + "**"
		}
		seen := words(j.Seen)
		if j.excepted != "" {
			seen += " (" + j.excepted + ")"
		}
		var ja3 []string
		for _, x := range j.JA3 {
			ja3 = append(ja3, x[:8])
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", name, j.port, words(j.Protocols), words(j.Risks), words(j.Layers), seen, words(ja3))
	}
	return b.String()
}

func words(list []string) string {
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, ", ")
}
