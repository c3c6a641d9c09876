package linked

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/visit"
	"github.com/warren-p2p/warren/internal/vfs"
)

// redeemed is the file in the home with what links were redeemed for: a download that is
// started again does not use them up. Who has no link can do nothing with it.
const redeemed = "redeemed.json"

// kept is one of them, by the hash of the link's token.
type kept struct {
	Ticket string    `json:"ticket"`
	Ends   time.Time `json:"ends"`
}

func key(t link.Token) string {
	sum := sha256.Sum256(t[:])
	return hex.EncodeToString(sum[:])
}

// remembering opens a link with do, which redeems it at most once in the life of a ticket,
// however often the command is started.
func remembering(ctx context.Context, c *console.Console, by *visit.Client, t link.Token, do func() error) (err error) {
	h, err := c.OpenHome()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	was, there := read(h.State(), c.Clock.Now())[key(t)]
	if there {
		by.Remember(t, visit.Ticket{Text: was.Ticket, Ends: was.Ends})
	}
	failed := do()
	got, ok := by.Ticket(t)
	if !ok || got.Text == was.Ticket {
		return failed
	}
	return errors.Join(failed, write(ctx, h.State(), c.Clock.Now(), t, got))
}

// write adds what a link was redeemed for; other commands may do so at the same time.
func write(ctx context.Context, dir vfs.FS, now time.Time, t link.Token, got visit.Ticket) (err error) {
	lock, err := home.WaitLock(ctx, dir, redeemed+".lock")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	all := read(dir, now)
	all[key(t)] = kept{got.Text, got.Ends}
	b, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return vfs.WriteFileAtomic(dir, redeemed, b, 0o600)
}

// maxRedeemed is how long the file is at most, in bytes.
const maxRedeemed = 1 << 20

// read returns what is good still of the file; nothing of one that cannot be read.
func read(dir vfs.FS, now time.Time) map[string]kept {
	all := map[string]kept{}
	f, err := dir.Open(redeemed)
	if err != nil {
		return all
	}
	defer f.Close()
	b, err := io.ReadAll(io.NewSectionReader(f, 0, maxRedeemed))
	if err != nil || json.Unmarshal(b, &all) != nil {
		return map[string]kept{}
	}
	for k, one := range all {
		if !now.Before(one.Ends) {
			delete(all, k)
		}
	}
	return all
}
