package logs

import (
	"fmt"
	"log/slog"
)

// Audience is who is told something, beside the log.
type Audience interface {
	Say(format string, args ...any)
	Warn(format string, args ...any)
	Emit(event any) error
}

// Teller writes to a log what people are told, and tells them.
type Teller struct {
	Log  *slog.Logger
	Also Audience // nil for nobody
}

// Say tells something.
func (t Teller) Say(format string, args ...any) {
	t.Log.Info(fmt.Sprintf(format, args...))
	if t.Also != nil {
		t.Also.Say(format, args...)
	}
}

// Warn tells something that is not as it should be.
func (t Teller) Warn(format string, args ...any) {
	t.Log.Warn(fmt.Sprintf(format, args...))
	if t.Also != nil {
		t.Also.Warn(format, args...)
	}
}

// Emit tells programs; the log has no use for it.
func (t Teller) Emit(event any) error {
	if t.Also == nil {
		return nil
	}
	return t.Also.Emit(event)
}
