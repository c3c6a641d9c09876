package run

import (
	"context"
	"runtime/debug"
	"time"

	"github.com/warren-p2p/warren/internal/vfs/program"
)

const (
	// gcPercent is how much garbage there may be beside what is in use. A node holds
	// little and is there all day: memory is worth more than the processor.
	gcPercent = 40
	// thrift is how often memory that is not in use is given back to the system, which
	// takes some milliseconds. By itself the runtime does so when nobody looks any more.
	thrift = 20 * time.Second
)

// lean has the process hold little until ctx ends, unless the user has said how much
// (GOGC).
func lean(ctx context.Context, getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	tick := time.NewTicker(thrift)
	defer tick.Stop()
	for started := false; ; started = true {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			debug.FreeOSMemory()
		}
		if !started {
			program.Unmap()
		}
	}
}
