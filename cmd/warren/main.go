// Command warren shares and fetches files over BitTorrent, encrypted.
package main

import (
	"os"

	"github.com/warren-p2p/warren/internal/cli"
)

func main() {
	os.Exit(cli.Main())
}
