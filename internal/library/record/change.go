package record

import (
	"maps"
	"slices"

	"github.com/warren-p2p/warren/swarm"
)

// Change says what is to be different about a torrent; nil stays as it is.
type Change struct {
	Name, Category, Note    *string
	Labels                  *[]string
	UpLimit, DownLimit      *int64 // bytes a second, 0 for none
	MaxPeers                *int
	Goal                    *Goal
	Forced                  *bool
	Sequential, FirstLast   *bool
	SuperSeed               *bool // from the next start of the engine
	TLS                     *swarm.TLSPolicy
	Priorities              map[int]swarm.Priority // of these files
	AddLabels, RemoveLabels []string
}

// Check refuses what cannot be meant, and puts labels in order. The error is an
// [*InputError].
func (c *Change) Check() (err error) {
	if c.Name != nil {
		if err := CheckName("name", *c.Name); err != nil {
			return err
		}
	}
	if c.Category != nil && *c.Category != "" {
		if err := CheckName("category", *c.Category); err != nil {
			return err
		}
	}
	if c.Goal != nil {
		if err := c.Goal.Check(); err != nil {
			return Input("goal", "%v", err)
		}
	}
	for _, list := range []*[]string{c.Labels, &c.AddLabels} {
		if list == nil {
			continue
		}
		if *list, err = CleanLabels(*list); err != nil {
			return err
		}
	}
	return nil
}

// Apply changes a record.
func (c *Change) Apply(r *Record) {
	set(&r.Name, c.Name)
	set(&r.Category, c.Category)
	set(&r.Note, c.Note)
	set(&r.Labels, c.Labels)
	set(&r.UpLimit, c.UpLimit)
	set(&r.DownLimit, c.DownLimit)
	set(&r.MaxPeers, c.MaxPeers)
	set(&r.Goal, c.Goal)
	set(&r.Forced, c.Forced)
	set(&r.Sequential, c.Sequential)
	set(&r.FirstLast, c.FirstLast)
	set(&r.SuperSeed, c.SuperSeed)
	set(&r.TLS, c.TLS)
	r.UpLimit, r.DownLimit, r.MaxPeers = max(r.UpLimit, 0), max(r.DownLimit, 0), max(r.MaxPeers, 0)
	if len(c.AddLabels)+len(c.RemoveLabels) > 0 {
		labels := append(slices.Clone(r.Labels), c.AddLabels...)
		slices.Sort(labels)
		r.Labels = slices.DeleteFunc(slices.Compact(labels), func(l string) bool { return slices.Contains(c.RemoveLabels, l) })
	}
	if len(c.Priorities) > 0 {
		all := make(map[int]swarm.Priority)
		maps.Copy(all, r.Priorities)
		maps.Copy(all, c.Priorities)
		maps.DeleteFunc(all, func(_ int, p swarm.Priority) bool { return p == swarm.Normal })
		r.Priorities = all
	}
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
