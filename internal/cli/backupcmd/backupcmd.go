// Package backupcmd holds the commands backup and restore: a whole node into one file,
// and back.
package backupcmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/internal/backup"
	"github.com/warren-p2p/warren/internal/backup/archive"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/words"
)

// Backup writes a node to a file.
type Backup struct {
	File       string `arg:"" help:"The file to write."`
	Passphrase string `env:"WARREN_PASSPHRASE" placeholder:"WORDS" help:"Encrypt it under a passphrase. In the environment, as WARREN_PASSPHRASE, other users of this machine do not see it."`
	Force      bool   `help:"Replace the file if it is there already."`
}

// Help says what is in it.
func (Backup) Help() string {
	return "The file holds the list of torrents, the configuration, identities, keys, certificates and what is known of content, " +
		"but not the content itself. The node may run meanwhile. Without a passphrase, whoever has the file has your identities."
}

// event is what backup and restore tell programs.
type event struct {
	Event     string    `json:"event"`
	Path      string    `json:"path"` // of the backup
	Home      string    `json:"home"`
	Files     int       `json:"files"`
	Bytes     int64     `json:"bytes"` // of the files in it
	Made      time.Time `json:"made"`
	Encrypted bool      `json:"encrypted"`
	Left      []string  `json:"left,omitempty"` // files that could not be part of it
}

// Run writes the backup.
func (b *Backup) Run(ctx context.Context, c *console.Console) error {
	path, err := c.HomePath()
	if err != nil {
		return err
	}
	n := backup.Node{Home: path, Version: c.Version, Clock: c.Clock, Passphrase: b.Passphrase}
	s, err := n.SaveFile(ctx, b.File, b.Force)
	switch {
	case errors.Is(err, backup.ErrExists):
		return fmt.Errorf("%w: choose another name, or replace it with --force", err)
	case errors.Is(err, backup.ErrNothing):
		return fmt.Errorf("%w: say with --home where it is", err)
	case err != nil:
		return err
	}
	for _, name := range s.Left {
		c.Warn("%s is not in the backup: no backup can have a file of this name", words.Plain(name))
	}
	c.Say("The node in %s is in %s: %s, %s.", words.Plain(path), words.Plain(b.File), words.Count(len(s.Files), "file", "files"), words.Bytes(s.Size()))
	if b.Passphrase == "" {
		c.Say("  It is not encrypted: whoever has it has your identities and keys. --passphrase encrypts it.")
	} else {
		c.Say("  It is encrypted: without its passphrase nobody can restore it, you included.")
	}
	c.Say("  The content of your torrents is not in it.")
	return c.Emit(event{console.Done, b.File, path, len(s.Files), s.Size(), s.Made, b.Passphrase != "", s.Left})
}

// Restore brings a node back.
type Restore struct {
	File       string `arg:"" help:"The backup."`
	Passphrase string `env:"WARREN_PASSPHRASE" placeholder:"WORDS" help:"The passphrase it is encrypted under."`
}

// Help says where to.
func (Restore) Help() string {
	return "The home must not have a node yet. The backup is checked before anything is put into place."
}

// Run restores.
func (r *Restore) Run(ctx context.Context, c *console.Console) error {
	path, err := c.HomePath()
	if err != nil {
		return err
	}
	n := backup.Node{Home: path, Version: c.Version, Clock: c.Clock, Passphrase: r.Passphrase}
	m, err := n.RestoreFile(ctx, r.File)
	if errors.Is(err, archive.ErrLocked) {
		return fmt.Errorf("%w: give it in WARREN_PASSPHRASE or with --passphrase", err)
	}
	if err != nil {
		return err
	}
	c.Say("The node of %s is in %s: %s, %s.", m.Made.Local().Format("2 January 2006 15:04"), words.Plain(path), words.Count(len(m.Files), "file", "files"), words.Bytes(m.Size()))
	c.Say("  Run it with: warren run --home %s", words.Shell(path))
	c.Say("  Do not run the node it was made of as well: both would be the same to others.")
	return c.Emit(event{console.Done, r.File, path, len(m.Files), m.Size(), m.Made, r.Passphrase != "", nil})
}
