package engine

import (
	"reflect"

	"github.com/alecthomas/kong"
)

// Own reports whether the flags say something that only an engine of this process can
// do: where it listens, by which way packets leave, whom it asks for peers. A node that
// runs has settings of its own for that, and how it looks. What the environment says is
// said of it as well.
func (l *Flags) Own() bool {
	var defaults struct {
		Flags `embed:""`
	}
	if err := kong.ApplyDefaults(&defaults); err != nil {
		return true
	}
	rest := *l
	rest.TLS, rest.LimitUp, rest.LimitDown = defaults.TLS, defaults.LimitUp, defaults.LimitDown
	rest.Company.Tracker = nil
	return !reflect.DeepEqual(rest, defaults.Flags)
}
