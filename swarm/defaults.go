package swarm

import (
	"log/slog"
	"runtime"

	"github.com/warren-p2p/warren/internal/clock"
)

func (c *Config) setDefaults() {
	c.Policies.Or(c.Policy)
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Client == "" {
		c.Client = "warren"
	}
	setDefault(&c.Budget, 32<<20)
	setDefault(&c.Workers, runtime.GOMAXPROCS(0))
	setDefault(&c.MaxPeers, 80)
	setDefault(&c.HalfOpen, 16)
	setDefault(&c.SessionPeers, 500)
	setDefault(&c.SessionHalfOpen, 64)
	setDefault(&c.Reserve, 64<<20)
}

func setDefault[T int | int64](v *T, d T) {
	if *v == 0 {
		*v = d
	}
}
