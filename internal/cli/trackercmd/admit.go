package trackercmd

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/tracker/server"
	"github.com/warren-p2p/warren/tracker/server/admission"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
	"github.com/warren-p2p/warren/tracker/server/peerstore/redis"
)

const (
	countersFile = "tracker-users.json"
	every        = 2 * time.Second // files of the user are looked at
	keptEvery    = 5 * time.Minute // counters are written
)

// admitted is whom the tracker serves, as files say that are read anew when they
// change.
type admitted struct {
	console *console.Console
	dir     vfs.FS
	list    *admission.List // nil if there is none
	users   *admission.Users
	files   []*followed
	stop    context.CancelFunc
	work    sync.WaitGroup
}

// followed is a file of the user.
type followed struct {
	path string
	was  [sha256.Size]byte
	take func(text string) error
}

// admit reads the files that say whom to serve.
func (t *Command) admit(c *console.Console, state *folder) (*admitted, error) {
	a := &admitted{console: c, dir: state.FS, stop: func() {}}
	if t.List != "" {
		a.list = &admission.List{}
		a.files = append(a.files, &followed{path: t.List, take: func(text string) error {
			hashes, err := admission.ParseList(text)
			if err == nil {
				a.list.Replace(hashes)
			}
			return err
		}})
	}
	if t.Users != "" {
		a.users = &admission.Users{}
		a.files = append(a.files, &followed{path: t.Users, take: func(text string) error {
			users, err := admission.ParseUsers(text)
			if err == nil {
				a.users.Replace(users)
			}
			return err
		}})
		if err := a.load(); err != nil {
			return nil, err
		}
	}
	for _, f := range a.files {
		if _, err := f.look(); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// look reads a file, and takes it if it is another than before.
func (f *followed) look() (changed bool, err error) {
	b, err := readFile(f.path)
	if err != nil {
		return false, fmt.Errorf("read %s: %w", words.Plain(f.path), console.Cause(err))
	}
	sum := sha256.Sum256(b)
	if sum == f.was {
		return false, nil
	}
	f.was = sum
	if err := f.take(string(b)); err != nil {
		return false, fmt.Errorf("%s: %w", words.Plain(f.path), err)
	}
	return true, nil
}

// apply tells a tracker whom to serve.
func (a *admitted) apply(mode string, cfg *server.Config) {
	if a.list != nil {
		cfg.List = a.list
	}
	if mode == "private" {
		cfg.Users = a.users
	}
}

// watch follows the files until the tracker stops.
func (a *admitted) watch(ctx context.Context) {
	if len(a.files) == 0 {
		return
	}
	ctx, a.stop = context.WithCancel(ctx)
	a.work.Go(func() {
		look, keep := time.NewTicker(every), time.NewTicker(keptEvery)
		defer look.Stop()
		defer keep.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-look.C:
				a.lookAll()
			case <-keep.C:
				if err := a.save(); err != nil {
					a.console.Warn("%v", err)
				}
			}
		}
	})
}

// lookAll takes the files that have changed. One that cannot be read leaves things as
// they are: half of a list must not shut out the other half.
func (a *admitted) lookAll() {
	for _, f := range a.files {
		switch changed, err := f.look(); {
		case err != nil:
			a.console.Warn("%v: what it said before still holds", err)
		case changed:
			a.console.Say("Took %s anew.", words.Plain(f.path))
		}
	}
}

func (a *admitted) load() error {
	b, err := vfs.ReadFile(a.dir, countersFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = a.users.Load(b)
	}
	if err != nil {
		return fmt.Errorf("read the counters of users, %s in the home: %w: move it away to begin with none", countersFile, err)
	}
	return nil
}

func (a *admitted) save() error {
	if a.users == nil {
		return nil
	}
	b, err := a.users.Save()
	if err != nil {
		return err
	}
	if err := vfs.WriteFileAtomic(a.dir, countersFile, b, 0o600); err != nil {
		return fmt.Errorf("save the counters of users: %w", err)
	}
	return nil
}

func (a *admitted) close() error {
	a.stop()
	a.work.Wait()
	return a.save()
}

// store opens where peers are kept; nil is the memory of the process.
func (t *Command) store(ctx context.Context, ttl time.Duration) (peerstore.Store, error) {
	if t.Store == "memory" {
		return nil, nil
	}
	if !strings.HasPrefix(t.Store, "redis://") && !strings.HasPrefix(t.Store, "rediss://") && !strings.HasPrefix(t.Store, "unix://") {
		return nil, console.Usage("--store: want memory or redis://HOST:PORT/DB")
	}
	s, err := redis.Open(ctx, redis.Config{URL: t.Store, Policy: netpolicy.Direct{}, TTL: ttl})
	if err != nil {
		return nil, fmt.Errorf("open the store of --store: %w", err)
	}
	return s, nil
}

// shortened makes a key of a secret.
func shortened(b []byte) [16]byte {
	sum := sha256.Sum256(b)
	return [16]byte(sum[:])
}
