// Package linked opens links of shares for commands: it goes there, asks for what is
// needed, and tells what was found.
package linked

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/share/visit"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
)

// variable holds a passphrase where it would be seen on a command line.
const variable = "WARREN_PASSPHRASE"

// Phrase asks for the passphrase of a share.
func Phrase(ctx context.Context, c *console.Console) (string, error) {
	text, err := c.Secret(ctx, variable, "Passphrase of the share")
	if err == nil && text == "" {
		err = console.Usage("no passphrase was given: ask whoever gave you the link for it")
	}
	return text, err
}

// NewPhrase asks for a passphrase that a share is to have.
func NewPhrase(ctx context.Context, c *console.Console) (string, error) {
	text, err := c.NewSecret(ctx, variable, "Passphrase for the share", "nothing is shared")
	if err == nil && text == "" {
		err = console.Usage("no passphrase was given: do without --locked, or choose one")
	}
	return text, err
}

// Source returns what a command is to fetch: what is named, or what is written to its
// standard input if that is "-". There nobody sees a link who can list the processes of
// this machine, nor does it stay in the history of a shell.
func Source(ctx context.Context, c *console.Console, named string) (string, error) {
	if named != "-" {
		return named, nil
	}
	text, err := c.Pasted(ctx, "Link")
	if err == nil && text == "" {
		err = console.Usage("no link was given: - means that it comes on standard input")
	}
	return text, err
}

// Open finds out what a link leads to, and redeems it if need be, once in the life of what
// that opens. A passphrase that is needed and not given is asked for.
func Open(ctx context.Context, c *console.Console, by *visit.Client, l link.Link, phrase string) (f *visit.Found, err error) {
	err = remembering(ctx, c, by, l.Token, func() (err error) {
		f, err = by.Open(ctx, l, visit.Ask{Redeem: true, Passphrase: phrase})
		if e, ok := errors.AsType[*visit.GuardedError](err); ok && e.Passphrase {
			if phrase, err = Phrase(ctx, c); err != nil {
				return err
			}
			f, err = by.Open(ctx, l, visit.Ask{Redeem: true, Passphrase: phrase})
		}
		return err
	})
	if _, usage := errors.AsType[*console.UsageError](err); usage || errors.Is(err, console.ErrInterrupted) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("open the link: %w", console.Cause(err))
	}
	return f, nil
}

// Add has the node add what a link leads to. If the share has a passphrase that was not
// given, it is asked for.
func Add(ctx context.Context, c *console.Console, n *remote.Node, body map[string]any) (remote.Torrent, error) {
	t, err := n.Add(ctx, body)
	if p, ok := errors.AsType[*remote.Problem](err); body["link"] == nil || body["passphrase"] != nil || !ok || !p.About("body.passphrase") {
		return t, err
	}
	if body["passphrase"], err = Phrase(ctx, c); err != nil {
		return t, err
	}
	return n.Add(ctx, body)
}

// Say tells what was found.
func Say(c *console.Console, r *record.Record) {
	c.Say("The link is about %q: %s in %s.", words.Plain(r.Title), words.Bytes(r.Size), words.Count(len(r.Files), "file", "files"))
	if r.Licence.ID != "" {
		c.Say("  licence  %s", words.Plain(r.Licence.ID))
	}
	if r.Provenance.Author != "" {
		c.Say("  by       %s", words.Plain(r.Provenance.Author))
	}
	c.Say("  signed   by the key %x", r.Key.Bytes())
}

// Fits reports a folder that has not the room for a share, before anything is fetched. If
// some of it is there already, that is found out by who fetches the rest.
func Fits(dir vfs.FS, at string, r *record.Record) error {
	for _, f := range r.Files {
		top, _, _ := strings.Cut(f.Path, "/")
		for _, name := range []string{top, f.Path + ".part"} {
			if _, err := dir.Lstat(path.Clean(name)); !errors.Is(err, fs.ErrNotExist) {
				return nil
			}
		}
		if top != f.Path {
			break // the folder of all
		}
	}
	free, err := dir.Free()
	if err != nil || free >= r.Size {
		return nil // what cannot be told is found out by who stores it
	}
	return fmt.Errorf("%q has %s, and %s has room for %s: choose another directory with --dir",
		words.Plain(r.Title), words.Bytes(r.Size), words.Plain(at), words.Bytes(free))
}
