// Command pages measures the page of a node in Debian's Chromium, beside those of Flood,
// Transmission and qBittorrent with the same torrents in the same run, and alone with
// 20,000 torrents. It writes what it found to docs/pages.md, and fails if the page is not
// ahead on every column, or misses a bar. It needs Linux.
//
//	pages [flags]
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pages:", err)
		os.Exit(1)
	}
}
