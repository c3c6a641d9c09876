// Package logs is where the log of a node goes: to a terminal as text, to a file of
// bounded size as JSON, and to whoever looks on.
//
// What would tell a stranger who reads it whom the node speaks to, what it shares or
// how to get in is left out before a line goes anywhere: see [Redactor]. Lines that
// are too much are left out by level, which may differ from one part of the program to
// another; a part is the package that speaks, such as dht, swarm or node.
package logs

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
)

const (
	// kept is how many lines are remembered for who begins to look on.
	kept = 1000
	// behind is how many lines a subscriber may be late before some are left out.
	behind = 256
)

// Off is a level above all others.
const Off = slog.Level(100)

// Line is one line of the log.
type Line struct {
	Time    time.Time `json:"time"`
	Level   string    `json:"level"` // debug, info, warn or error
	Part    string    `json:"part"`  // of the program
	Message string    `json:"message"`
	Attrs   []Attr    `json:"attrs,omitempty"`
	// Lost is how many lines before this one a subscriber did not get, being late.
	Lost int `json:"lost,omitempty"`
}

// Attr is something that a line says beside its message.
type Attr struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Config says where lines go.
type Config struct {
	Level  string   // debug, info, warn, error or off
	Levels []string // of parts: "dht=debug"
	Plain  bool     // nothing is left out: not to be shown to others

	Out  io.Writer // nil for none
	JSON bool      // Out is written as JSON
	Dir  vfs.FS    // of the file; nil for none
	File string    // its name there
	Size int64     // of that file and the one before it
}

// Logs takes lines until it is closed. Its methods are safe for concurrent use.
type Logs struct {
	cfg    Config
	redact *Redactor
	levels atomic.Pointer[levels]

	mu     sync.Mutex
	ring   []Line // the oldest at next once it is full
	next   int
	subs   map[*subscriber]struct{}
	file   *file
	closed bool
}

type subscriber struct {
	lines chan Line
	lost  int
}

// New begins a log.
func New(cfg Config) (*Logs, error) {
	l := &Logs{cfg: cfg, redact: NewRedactor(), subs: map[*subscriber]struct{}{}}
	if cfg.Plain {
		l.redact = nil
	}
	if err := l.Set(cfg.Level, cfg.Levels); err != nil {
		return nil, err
	}
	if cfg.Dir != nil {
		f, err := openFile(cfg.Dir, cfg.File, cfg.Size)
		if err != nil {
			return nil, fmt.Errorf("open the log: %w", err)
		}
		l.file = f
	}
	return l, nil
}

// Set changes what is worth a line.
func (l *Logs) Set(level string, parts []string) error {
	v, err := parseLevels(level, parts)
	if err == nil {
		l.levels.Store(v)
	}
	return err
}

// Logger returns what writes to the log.
func (l *Logs) Logger() *slog.Logger { return slog.New(&handler{logs: l}) }

// Recent returns the last lines, the oldest first.
func (l *Logs) Recent() []Line {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.recent()
}

func (l *Logs) recent() []Line {
	return append(append([]Line(nil), l.ring[l.next:]...), l.ring[:l.next]...)
}

// Subscribe returns the last lines and a channel of those to come, which is closed
// with the log and by stop. Who is late loses lines, and is told how many.
func (l *Logs) Subscribe() (before []Line, lines <-chan Line, stop func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &subscriber{lines: make(chan Line, behind)}
	if l.closed {
		close(s.lines)
		return l.recent(), s.lines, func() {}
	}
	l.subs[s] = struct{}{}
	return l.recent(), s.lines, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if _, ok := l.subs[s]; ok {
			delete(l.subs, s)
			close(s.lines)
		}
	}
}

// write gives a line to all who want it.
func (l *Logs) write(n Line) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ring) < kept {
		l.ring = append(l.ring, n)
	} else {
		l.ring[l.next] = n
		l.next = (l.next + 1) % kept
	}
	for s := range l.subs {
		one := n
		one.Lost = s.lost
		select {
		case s.lines <- one:
			s.lost = 0
		default:
			s.lost++
		}
	}
	var errs []error
	if l.cfg.Out != nil {
		_, err := io.WriteString(l.cfg.Out, l.render(n))
		errs = append(errs, err)
	}
	if l.file != nil && !l.closed {
		errs = append(errs, l.file.write(n.json()))
	}
	return errors.Join(errs...)
}

func (l *Logs) render(n Line) string {
	if l.cfg.JSON {
		return string(n.json())
	}
	return n.Text()
}

// Close ends subscriptions and closes the file.
func (l *Logs) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	l.closed = true
	for s := range l.subs {
		delete(l.subs, s)
		close(s.lines)
	}
	if l.file == nil {
		return nil
	}
	return l.file.close()
}

// levels say what is worth a line.
type levels struct {
	all   slog.Level
	parts map[string]slog.Level
	least slog.Level // of all of these
}

func parseLevels(level string, parts []string) (*levels, error) {
	all, err := parseLevel(level)
	if err != nil {
		return nil, err
	}
	v := &levels{all: all, parts: map[string]slog.Level{}, least: all}
	for _, p := range parts {
		name, text, _ := strings.Cut(p, "=")
		at, err := parseLevel(text)
		if err != nil {
			return nil, err
		}
		v.parts[name] = at
		v.least = min(v.least, at)
	}
	return v, nil
}

func parseLevel(text string) (l slog.Level, err error) {
	if text == "off" {
		return Off, nil
	}
	if err := l.UnmarshalText([]byte(text)); err != nil {
		return l, fmt.Errorf("level %q: want debug, info, warn, error or off", text)
	}
	return l, nil
}

func (v *levels) of(part string) slog.Level {
	if l, ok := v.parts[part]; ok {
		return l
	}
	return v.all
}
