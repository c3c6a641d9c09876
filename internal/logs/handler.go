package logs

import (
	"context"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"time"
)

// handler makes lines of records (slog.Handler).
type handler struct {
	logs  *Logs
	group string // of what comes next, with a dot behind
	attrs []Attr
}

// Enabled implements slog.Handler. Which part speaks is not known yet.
func (h *handler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= h.logs.levels.Load().least
}

// Handle implements slog.Handler.
func (h *handler) Handle(_ context.Context, r slog.Record) error {
	part := partOf(r.PC)
	if r.Level < h.logs.levels.Load().of(part) {
		return nil
	}
	n := Line{Time: r.Time.Round(0), Level: name(r.Level), Part: part, Message: h.clean(r.Message), Attrs: slices.Clip(h.attrs)}
	r.Attrs(func(a slog.Attr) bool {
		n.Attrs = h.add(n.Attrs, h.group, a)
		return true
	})
	return h.logs.write(n)
}

// WithAttrs implements slog.Handler.
func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	c := *h
	c.attrs = slices.Clip(h.attrs)
	for _, a := range attrs {
		c.attrs = c.add(c.attrs, c.group, a)
	}
	return &c
}

// WithGroup implements slog.Handler.
func (h *handler) WithGroup(name string) slog.Handler {
	c := *h
	if name != "" {
		c.group += name + "."
	}
	return &c
}

// add appends what an attribute says; nil errors say nothing.
func (h *handler) add(list []Attr, group string, a slog.Attr) []Attr {
	v := a.Value.Resolve()
	switch {
	case a.Equal(slog.Attr{}) || v.Kind() == slog.KindAny && v.Any() == nil:
		return list
	case v.Kind() == slog.KindGroup:
		if a.Key != "" {
			group += a.Key + "."
		}
		for _, one := range v.Group() {
			list = h.add(list, group, one)
		}
		return list
	}
	text := v.String()
	if v.Kind() == slog.KindTime {
		text = v.Time().Format(time.RFC3339)
	}
	if h.logs.redact != nil && secret(a.Key) {
		return append(list, Attr{group + a.Key, hidden})
	}
	return append(list, Attr{group + a.Key, h.clean(text)})
}

func (h *handler) clean(text string) string {
	if h.logs.redact == nil {
		return text
	}
	return h.logs.redact.Clean(text)
}

// secret reports whether what an attribute is called says that nobody is to see it.
func secret(key string) bool {
	key = strings.ToLower(key)
	for _, word := range []string{"password", "passphrase", "secret", "token", "passkey", "cookie", "authorization"} {
		if strings.Contains(key, word) {
			return true
		}
	}
	return false
}

// name returns the level a line is at least of.
func name(l slog.Level) string {
	switch {
	case l >= slog.LevelError:
		return "error"
	case l >= slog.LevelWarn:
		return "warn"
	case l >= slog.LevelInfo:
		return "info"
	}
	return "debug"
}

// partOf returns the part of the program that speaks: the package at the top of its
// tree. "swarm" for swarm/internal/roster, "dht" for internal/dht/engine.
func partOf(pc uintptr) string {
	if pc == 0 {
		return "other"
	}
	frame, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	path, ok := strings.CutPrefix(frame.Function, module)
	if !ok {
		return "other" // a library, or the server of net/http
	}
	path = strings.TrimPrefix(path, "internal/")
	if end := strings.IndexAny(path, "/."); end >= 0 {
		path = path[:end]
	}
	return path
}

// module is what the paths of our packages begin with.
const module = "github.com/warren-p2p/warren/"
