// Package admission is whom a tracker serves: the torrents on a list, and the users
// that have a pass key (BEP 27). Both are read from text that people and programs
// write, and both change while the tracker runs.
package admission

import (
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
)

// MaxLine is how long a line of a file is at most, in bytes.
const MaxLine = 256

// LineError says which line of a file cannot be meant.
type LineError struct {
	Line int // from 1
	Why  string
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Why) }

// lines calls do with each line that is not empty, without what follows a #.
func lines(text string, do func(line string) (why string)) error {
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		if len(line) > MaxLine {
			return &LineError{n, fmt.Sprintf("longer than %d bytes", MaxLine)}
		}
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if why := do(line); why != "" {
			return &LineError{n, why}
		}
	}
	return nil
}

// List is the torrents that a tracker serves. Its zero value is an empty one, and it
// is safe for concurrent use.
type List struct {
	mu     sync.RWMutex
	hashes map[[20]byte]struct{}
}

// ParseList reads info-hashes, one a line in hexadecimal: of version 1, or of version
// 2, which trackers know by their first 20 bytes (BEP 52). What follows a # is for
// people. The error is a [*LineError].
func ParseList(text string) ([][20]byte, error) {
	var hashes [][20]byte
	err := lines(text, func(line string) string {
		b, err := hex.DecodeString(line)
		if err != nil || len(b) != 20 && len(b) != 32 {
			return "not an info-hash of 40 or 64 hexadecimal digits"
		}
		hashes = append(hashes, [20]byte(b))
		return ""
	})
	if err != nil {
		return nil, err
	}
	return hashes, nil
}

// Replace makes hashes all there is on the list.
func (l *List) Replace(hashes [][20]byte) {
	m := make(map[[20]byte]struct{}, len(hashes))
	for _, h := range hashes {
		m[h] = struct{}{}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hashes = m
}

// Listed reports whether a torrent is on the list.
func (l *List) Listed(hash [20]byte) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	_, ok := l.hashes[hash]
	return ok
}

// Len is how many torrents are on the list.
func (l *List) Len() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return len(l.hashes)
}
