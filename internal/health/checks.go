package health

import (
	"context"
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/swarm"
)

// leastFree is what has to be free where the home is, so that the next change can be
// written down.
const leastFree = 1 << 20

// Of returns what tells whether a node works: its store, its home, its engine and its
// library.
func Of(s *store.Store, home vfs.FS, engine *swarm.Session, lib *library.Library) []Check {
	return []Check{
		{"store", func(ctx context.Context) error {
			return s.Read(ctx, func(q store.Querier) error {
				var n int
				return q.QueryRowContext(ctx, "SELECT count(*) FROM setting").Scan(&n)
			})
		}},
		{"home", func(context.Context) error {
			free, err := home.Free()
			if err == nil && free < leastFree {
				return fmt.Errorf("only %s are free where the home is: nothing new can be kept", words.Bytes(free))
			}
			return err
		}},
		{"engine", func(context.Context) error {
			if engine.Addr() == nil {
				return errors.New("the port for peers is not open")
			}
			return nil
		}},
		{"library", func(context.Context) error {
			lib.Refresh() // returns, or is stuck
			return nil
		}},
	}
}
