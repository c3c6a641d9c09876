// Command warren shares and fetches files over BitTorrent, encrypted.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/warren-p2p/warren/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal ends the command cleanly, the second one at once.
	context.AfterFunc(ctx, stop)
	os.Exit(cli.Run(ctx, os.Args[1:], cli.Streams{Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv}))
}
