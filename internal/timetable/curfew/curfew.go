// Package curfew stops all torrents for a while, and lets those go on afterwards that
// the user has not stopped.
//
// The store knows nothing of it: a node that is opened anew has no curfew until
// somebody calls one.
package curfew

import (
	"sync/atomic"

	"github.com/warren-p2p/warren/internal/library"
)

// Curfew is on or off. The zero Curfew is off, and its methods are safe for concurrent
// use.
type Curfew struct{ on atomic.Bool }

// Set begins or ends the curfew for some torrents: all that there are.
func (c *Curfew) Set(on bool, all []*library.Torrent) {
	if c.on.Swap(on) == on {
		return
	}
	for _, t := range all {
		e := t.Engine()
		switch {
		case e == nil || t.View().Paused:
		case on:
			e.Stop()
		default:
			e.Start()
		}
	}
}

// Added stops a torrent that came during the curfew.
func (c *Curfew) Added(t *library.Torrent) {
	if e := t.Engine(); e != nil && c.on.Load() {
		e.Stop()
	}
}
