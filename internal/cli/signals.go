package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Main runs the command line of this process and returns the exit code. The first SIGINT
// or SIGTERM stops the command cleanly, the second one ends the process at once.
func Main() int {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() { // for as long as the process
		<-signals
		stop()
		<-signals
		last(os.Stderr)
		os.Exit(ExitInterrupted)
	}()
	return Run(ctx, os.Args[1:], Streams{Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv})
}

// last says that the process ends now, unless nobody takes that.
func last(to io.Writer) {
	said := make(chan struct{})
	go func() {
		defer close(said)
		fmt.Fprintln(to, "warren: stopped at once: what was being done is left as it is")
	}()
	select {
	case <-said:
	case <-time.After(time.Second):
	}
}
