package transmission

import (
	"crypto/sha256"
	"sync"
)

// maxTried is how many wrong passwords are remembered.
const maxTried = 64

// tried are passwords that were wrong. Whoever repeats one guesses nothing, and is not
// counted: all programs of this machine come from the same address, and one that goes on
// with a password that was changed would keep the others out. The zero value is ready.
type tried struct {
	mu   sync.Mutex
	them map[[sha256.Size]byte]struct{}
}

func (t *tried) has(given string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.them[sha256.Sum256([]byte(given))]
	return ok
}

// add reports whether it is new.
func (t *tried) add(given string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := t.them[sha256.Sum256([]byte(given))]; ok {
		return false
	}
	if t.them == nil || len(t.them) >= maxTried {
		t.them = make(map[[sha256.Size]byte]struct{}, 1)
	}
	t.them[sha256.Sum256([]byte(given))] = struct{}{}
	return true
}
