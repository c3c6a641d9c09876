// Package run is the command that runs a node until it is interrupted.
package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/netpolicy/notify"
	"github.com/warren-p2p/warren/internal/node"
	"github.com/warren-p2p/warren/internal/words"
)

// Command is run.
type Command struct {
	Flags `embed:""`
}

// ready is the event of --json when the node runs.
type ready struct {
	Event  string   `json:"event"`
	API    string   `json:"api"`    // "http://127.0.0.1:9471"
	URL    string   `json:"url"`    // of the page; whoever has it owns the node
	Listen []string `json:"listen"` // where peers connect
	Home   string   `json:"home"`
}

// Run runs a node.
func (r *Command) Run(ctx context.Context, c *console.Console) (err error) {
	path, err := c.HomePath()
	if err != nil {
		return err
	}
	src, err := r.Sources(c, path)
	if err != nil {
		return err
	}
	n, err := node.Open(ctx, node.Options{
		Home: path, Sources: src, Version: c.Version, Clock: c.Clock, Log: c.Err, Tell: c, Environ: os.Environ(),
	})
	if err != nil {
		if ctx.Err() != nil {
			return console.ErrInterrupted
		}
		return err
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	s, err := serve(ctx, n, end)
	if err == nil {
		err = n.Announce(os.Getpid(), s.Base())
	}
	if err == nil {
		err = r.welcome(c, n, s)
	}
	ended := func() {}
	limit := time.Duration(n.Settings().StopTimeout)
	if err == nil {
		ended = r.attend(ctx, c, n)
		<-ctx.Done()
	}
	return errors.Join(err, within(limit, func() error {
		ended()
		return errors.Join(s.Close(), n.Close())
	}))
}

// attend tells the service manager, if there is one, how it stands until ctx ends, and
// has the process hold little. What it returns tells that the node stops, and waits for
// both.
func (r *Command) attend(ctx context.Context, c *console.Console, n *node.Node) (ended func()) {
	m := notify.New(c.Getenv, os.Getpid())
	tell := func(err error) {
		if err != nil {
			n.Log.Warn("the service manager is not told", "err", err)
		}
	}
	tell(m.Ready(ctx, fmt.Sprintf("%d torrents; peers connect to %s", len(n.Library.All()), strings.Join(n.Addresses(), ", "))))
	var wg sync.WaitGroup
	wg.Go(func() { m.Watch(ctx, func() { n.Session.Torrents() }) }) // which takes the lock that all else takes
	wg.Go(func() { lean(ctx, c.Getenv) })
	return func() {
		tell(m.Stopping(context.WithoutCancel(ctx)))
		c.Say("Stopping; press Ctrl-C again to stop at once.") // and that is how a run ends well
		wg.Wait()
	}
}

// welcome says where the node is.
func (r *Command) welcome(c *console.Console, n *node.Node, s *surface) error {
	listen := append([]string{}, n.Addresses()...)
	c.Say("The node runs. Manage it at\n")
	c.Say("  %s\n", s.URL())
	c.Say("Whoever has this address owns the node; it is for this machine alone.")
	for i, a := range listen {
		head := "  peers    "
		if i > 0 {
			head = "           "
		}
		c.Say("%s%s", head, a)
	}
	c.Say("  files    %s", words.Plain(n.Path(n.Settings().Paths.Download)))
	c.Say("  home     %s", words.Plain(n.Home.Path()))
	c.Say("It runs until you press Ctrl-C.")
	return c.Emit(ready{Event: console.Ready, API: s.Base(), URL: s.URL(), Listen: listen, Home: n.Home.Path()})
}

// errLate reports a node that took too long to stop.
var errLate = errors.New("stopping took too long and was cut short: nothing is lost, but trackers may not know that the node is gone; stop-timeout in config.toml gives it more time")

// within stops everything, or gives up on what has not come to its end in time: then the
// process ends with it. That is told to people only, since it may be whoever reads our
// output that holds us up.
func within(limit time.Duration, stop func() error) error {
	done := make(chan error, 1)
	go func() { done <- stop() }() // ends with the process if it is late
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		return &console.ToldError{Err: errLate}
	}
}
