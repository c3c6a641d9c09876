package home

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
)

const (
	nodeLock    = "lock"
	runningFile = "node.json"
)

// Running is what a node says of itself while it runs.
type Running struct {
	PID     int       `json:"pid"`
	API     string    `json:"api"` // "http://127.0.0.1:9471"; "" before it listens
	Started time.Time `json:"started"`
}

// RunningError reports that a node has the home already.
type RunningError struct {
	Home string
	Node Running // as far as is known
}

func (e *RunningError) Error() string {
	at := ""
	if e.Node.PID != 0 {
		at = fmt.Sprintf(" (process %d", e.Node.PID)
		if e.Node.API != "" {
			at += ", " + e.Node.API
		}
		at += ")"
	}
	return fmt.Sprintf("a node runs in home %s already%s: stop that one first, or choose another home with --home", e.Home, at)
}

// Unwrap makes the error match [vfs.ErrLocked].
func (e *RunningError) Unwrap() error { return vfs.ErrLocked }

// Path returns where the home is.
func (h *Home) Path() string { return h.path }

// Occupy makes the home that of one node until the returned is closed. The error is a
// [*RunningError] if another one has it.
func (h *Home) Occupy() (io.Closer, error) {
	l, ok := h.dir.(vfs.Locker)
	if !ok {
		return io.NopCloser(nil), nil
	}
	lock, err := l.Lock(nodeLock)
	if errors.Is(err, vfs.ErrLocked) {
		r, _ := h.running() // a node that has only begun says nothing yet
		return nil, &RunningError{h.path, r}
	}
	if err != nil {
		return nil, fmt.Errorf("take home %s: %w", h.path, words.Cause(err))
	}
	// One that was killed has left where it was: whoever is there now, perhaps another
	// user of this machine, must not be sent the key of the owner.
	if err := h.Retract(); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}

// Announce writes down how the node of this home, which has occupied it, is reached.
func (h *Home) Announce(r Running) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return vfs.WriteFileAtomic(h.dir, runningFile, append(b, '\n'), 0o600)
}

// Retract takes that back.
func (h *Home) Retract() error {
	err := h.dir.Remove(runningFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Node returns the node that runs in the home; false if none does. What one left
// that ended without a word is not believed.
func (h *Home) Node() (Running, bool, error) {
	lock, err := h.Occupy()
	if err == nil {
		return Running{}, false, lock.Close()
	}
	if e, ok := errors.AsType[*RunningError](err); ok {
		return e.Node, true, nil
	}
	return Running{}, false, err
}

func (h *Home) running() (r Running, err error) {
	b, err := vfs.ReadFile(h.dir, runningFile)
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	return r, err
}
