package admission

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server/request"
)

// Bounds on users.
const (
	minPasskey  = 16        // characters; what is shorter can be guessed
	maxSessions = 2_000_000 // peers of users whose amounts are compared
)

// User is somebody who has a pass key.
type User struct {
	Name, Passkey string
}

// Counters are what a user has done, as his clients say: nobody checks it.
type Counters struct {
	Uploaded   int64     `json:"uploaded"` // bytes
	Downloaded int64     `json:"downloaded"`
	Announces  int64     `json:"announces"`
	Last       time.Time `json:"last"`
}

// digest is what of a pass key is in memory, so that looking one up takes as long
// whatever is guessed.
type digest [sha256.Size]byte

// Users are who may announce. Its zero value has none, and it is safe for concurrent
// use.
type Users struct {
	mu       sync.Mutex
	names    map[digest]string
	counters map[string]*Counters // by name, of users that are gone as well
	sessions map[session]amounts
}

// session is a peer of a user in a swarm: clients count from their start on.
type session struct {
	name string
	hash [20]byte
	peer [20]byte
}

type amounts struct {
	up, down int64
	seen     int64 // seconds since 1970
}

// ParseUsers reads users, one a line: a pass key of 16 to 64 letters, digits, - and
// _, and behind a space the name. What follows a # is for people. The error is a
// [*LineError].
func ParseUsers(text string) ([]User, error) {
	var users []User
	keys, names := map[string]bool{}, map[string]bool{}
	err := lines(text, func(line string) string {
		key, name, _ := strings.Cut(line, " ")
		name = strings.TrimSpace(name)
		switch {
		case !passkey(key):
			return "a pass key has 16 to 64 letters, digits, - and _"
		case name == "":
			return "the name behind the pass key is missing"
		case keys[key] || names[name]:
			return "this pass key or name was there before"
		}
		keys[key], names[name] = true, true
		users = append(users, User{name, key})
		return ""
	})
	if err != nil {
		return nil, err
	}
	return users, nil
}

func passkey(key string) bool {
	return len(key) >= minPasskey && len(key) <= 64 && strings.Trim(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
}

// Replace makes list all users there are. Counters stay with the name.
func (u *Users) Replace(list []User) {
	names := make(map[digest]string, len(list))
	for _, one := range list {
		names[sha256.Sum256([]byte(one.Passkey))] = one.Name
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.names = names
}

// Known reports whether a pass key is somebody's.
func (u *Users) Known(key string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	_, ok := u.names[sha256.Sum256([]byte(key))]
	return ok
}

// Count adds what a user has sent and received since his last announce. Clients tell
// what it was since they began; of one that was not seen before only what it tells
// from now on counts, unless it says that it has just begun.
func (u *Users) Count(key string, q *request.Query, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	name, ok := u.names[sha256.Sum256([]byte(key))]
	if !ok {
		return
	}
	if u.counters == nil {
		u.counters, u.sessions = map[string]*Counters{}, map[session]amounts{}
	}
	c := u.counters[name]
	if c == nil {
		c = &Counters{}
		u.counters[name] = c
	}
	c.Announces++
	c.Last = now.UTC().Truncate(time.Second)
	s := session{name, q.InfoHash, q.PeerID}
	before, seen := u.sessions[s]
	if !seen && q.Event != message.Started {
		before = amounts{up: q.Uploaded, down: q.Downloaded}
	}
	if q.Event == message.Started && seen && q.Uploaded < before.up {
		before = amounts{} // begins anew
	}
	c.Uploaded = plus(c.Uploaded, q.Uploaded-before.up)
	c.Downloaded = plus(c.Downloaded, q.Downloaded-before.down)
	if q.Event == message.Stopped {
		delete(u.sessions, s)
	} else if seen || len(u.sessions) < maxSessions {
		u.sessions[s] = amounts{q.Uploaded, q.Downloaded, now.Unix()}
	}
}

// plus adds what is more than nothing, up to what there is room for.
func plus(a, b int64) int64 {
	if b <= 0 {
		return a
	}
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// Expire forgets peers of users that were not seen for ttl.
func (u *Users) Expire(now time.Time, ttl time.Duration) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for s, a := range u.sessions {
		if now.Unix()-a.seen > int64(ttl/time.Second) {
			delete(u.sessions, s)
		}
	}
}

// Counters returns those of all users that have announced, by name.
func (u *Users) Counters() map[string]Counters {
	u.mu.Lock()
	defer u.mu.Unlock()
	m := make(map[string]Counters, len(u.counters))
	for name, c := range u.counters {
		m[name] = *c
	}
	return m
}

// saved is the file of counters.
type saved struct {
	Version int                 `json:"version"` // 1
	Users   map[string]Counters `json:"users"`
}

// ErrCounters is matched by the errors of a file of counters that cannot be read.
var ErrCounters = errors.New("not the counters of a tracker's users")

// Save returns the counters as a file.
func (u *Users) Save() ([]byte, error) {
	b, err := json.MarshalIndent(saved{1, u.Counters()}, "", "\t")
	if err != nil {
		return nil, fmt.Errorf("save counters of users: %w", err)
	}
	return append(b, '\n'), nil
}

// Load takes counters from a file. The error matches [ErrCounters].
func (u *Users) Load(b []byte) error {
	var f saved
	if err := json.Unmarshal(b, &f); err != nil {
		return fmt.Errorf("%w: %w", ErrCounters, err)
	}
	if f.Version != 1 {
		return fmt.Errorf("%w: version %d", ErrCounters, f.Version)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.counters == nil {
		u.counters, u.sessions = map[string]*Counters{}, map[session]amounts{}
	}
	for name, c := range f.Users {
		c.Uploaded, c.Downloaded, c.Announces = max(c.Uploaded, 0), max(c.Downloaded, 0), max(c.Announces, 0)
		u.counters[name] = &c
	}
	return nil
}
