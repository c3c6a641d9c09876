// Command dpi records real transfers between real programs on a cable of its own
// and asks nDPI and Wireshark what they take them for. It writes what they said
// to docs/dpi.md, and fails if a transfer of warren's shows what it must not, or is
// told apart from a visit by Chromium to the same server. It needs Linux and root.
//
//	dpi [flags]
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "dpi:", err)
		os.Exit(1)
	}
}
