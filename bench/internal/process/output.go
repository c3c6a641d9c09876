//go:build linux

package process

import (
	"bytes"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
)

// keep is how much of a program's last output is remembered for messages.
const keep = 2 << 10

// output receives what a program prints, notes when it said what, and keeps
// the end.
type output struct {
	said  func(line string) string
	clock clock.Clock

	mu     sync.Mutex
	line   []byte // unfinished
	last   []byte
	events map[string]time.Time
}

// Write implements io.Writer.
func (o *output) Write(b []byte) (int, error) {
	now := o.clock.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last = append(o.last, b...)
	if n := len(o.last) - keep; n > 0 {
		o.last = append(o.last[:0], o.last[n:]...)
	}
	if o.said == nil {
		return len(b), nil
	}
	o.line = append(o.line, b...)
	for {
		line, rest, ok := bytes.Cut(o.line, []byte("\n"))
		if !ok {
			break
		}
		if e := o.said(string(line)); e != "" {
			if _, known := o.events[e]; !known {
				o.events[e] = now
			}
		}
		o.line = rest
	}
	o.line = append([]byte(nil), o.line...)
	return len(b), nil
}

func (o *output) event(name string) (time.Time, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	t, ok := o.events[name]
	return t, ok
}

func (o *output) tail() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return string(bytes.TrimSpace(o.last))
}
