// Package guard keeps people from guessing the passphrases of shares.
//
// A guess costs what Argon2id makes it cost (RFC 9106), one is tried at a time, and of
// each share only so many in an hour: whoever has a link and not the passphrase can try
// a few words, and no list of words.
package guard

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/share/record"
)

// What is kept of a passphrase, and how many guesses there are.
const (
	saltAt  = 5 // after passes, 1 byte, and memory, 4
	saltLen = 16
	sumAt   = saltAt + saltLen
	sumLen  = 32

	burst = 10              // guesses at once
	every = 2 * time.Minute // for one more
	most  = 4096            // shares that are guessed at
	queue = 8               // guesses that wait for others
)

// maxLen is how long a passphrase is at most, in bytes.
const maxLen = 1024

// Reasons why a passphrase does not open.
var (
	ErrWrong = errors.New("wrong passphrase")
	// ErrBusy reports that many are trying passphrases now.
	ErrBusy = errors.New("many passphrases are being tried: try again in a moment")
	// ErrLength reports a passphrase that cannot be set.
	ErrLength = fmt.Errorf("a passphrase has 1 to %d bytes", maxLen)
)

// WaitError reports that too many wrong passphrases were tried.
type WaitError struct{ For time.Duration }

func (e *WaitError) Error() string {
	return fmt.Sprintf("too many wrong passphrases: try again in %v", e.For)
}

// Cost is what a guess costs; the zero value is the usual.
type Cost struct {
	Passes uint8
	Memory uint32 // KiB
}

// usual is what OWASP gives for servers, which answer others while they do it.
func usual() Cost { return Cost{Passes: 2, Memory: 19 << 10} }

// Hash returns what is kept of a passphrase: its cost, 16 random bytes and Argon2id, 53
// bytes in all. The error is ErrLength.
func Hash(passphrase string, c Cost) ([]byte, error) {
	if passphrase == "" || len(passphrase) > maxLen {
		return nil, ErrLength
	}
	if c == (Cost{}) {
		c = usual()
	}
	kept := binary.BigEndian.AppendUint32([]byte{c.Passes}, c.Memory)
	kept = append(kept, make([]byte, saltLen)...)
	_, _ = rand.Read(kept[saltAt:]) // it never fails
	return append(kept, sum(passphrase, kept)...), nil
}

// sum is Argon2id of a passphrase, as kept says.
func sum(passphrase string, kept []byte) []byte {
	return argon2.IDKey(norm.NFC.Bytes([]byte(passphrase)), kept[saltAt:sumAt], uint32(kept[0]), binary.BigEndian.Uint32(kept[1:]), 1, sumLen)
}

// Guard counts guesses. Its methods are safe for concurrent use.
type Guard struct {
	clock clock.Clock
	turn  chan struct{} // held while a guess is tried
	line  chan struct{} // by those who wait for it too

	mu     sync.Mutex
	shares map[record.ID]spent
}

// spent is how many guesses of a share there were: a bucket that leaks.
type spent struct {
	level int
	at    time.Time // when it leaked last
}

// New returns a guard.
func New(c clock.Clock) *Guard {
	return &Guard{clock: c, turn: make(chan struct{}, 1), line: make(chan struct{}, queue), shares: map[record.ID]spent{}}
}

// Check reports whether a passphrase is the one of which kept is what [Hash] made. The
// error is ErrWrong, ErrBusy, a [*WaitError] or that of ctx.
func (g *Guard) Check(ctx context.Context, id record.ID, kept []byte, passphrase string) error {
	if len(kept) != sumAt+sumLen || kept[0] == 0 || len(passphrase) > maxLen || passphrase == "" {
		return ErrWrong
	}
	select {
	case g.line <- struct{}{}:
	default:
		return ErrBusy
	}
	defer func() { <-g.line }()
	if err := g.spend(id); err != nil {
		return err
	}
	select {
	case g.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-g.turn }()
	if subtle.ConstantTimeCompare(sum(passphrase, kept), kept[sumAt:]) != 1 {
		return ErrWrong
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if s, ok := g.shares[id]; ok && s.level > 0 { // who knows it does not guess
		s.level--
		g.shares[id] = s
	}
	return nil
}

// spend counts a guess before it is tried, so that many at once are no way around.
func (g *Guard) spend(id record.ID) error {
	now := g.clock.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	s, ok := g.shares[id]
	if !ok && len(g.shares) >= most {
		g.forget(now)
		if len(g.shares) >= most {
			return ErrBusy
		}
	}
	if s.level == 0 || now.Before(s.at) {
		s.at = now
	}
	leaked := int(now.Sub(s.at) / every)
	if leaked >= s.level {
		s.level, s.at = 0, now
	} else {
		s.level, s.at = s.level-leaked, s.at.Add(time.Duration(leaked)*every)
	}
	if s.level >= burst {
		g.shares[id] = s
		return &WaitError{s.at.Add(every).Sub(now)}
	}
	s.level++
	g.shares[id] = s
	return nil
}

// forget drops shares that nobody has guessed at for long. The caller holds g.mu.
func (g *Guard) forget(now time.Time) {
	for id, s := range g.shares {
		if now.Sub(s.at) >= time.Duration(s.level)*every {
			delete(g.shares, id)
		}
	}
}
