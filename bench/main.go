// Command bench runs warren beside libtorrent, Transmission, aria2 and
// mktorrent on the same content in the same run, and writes what it measured
// to docs/benchmarks.json and docs/benchmarks.md. It needs Linux, and root for
// the network namespaces that transfers run in.
//
//	bench [PART,...] [flags]
//
// Parts are transfer, mtu, many, hash, limit, torrents, idle, handshake, levels and tracker; a partial run
// replaces its own results and keeps the others. The part "report" measures nothing and
// writes the document anew.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
