package settings

import (
	"context"
	"errors"

	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs"
)

// Read returns the configuration that a node with the store in a file would have, or
// has if it runs. Nothing is made if there is none.
func Read(ctx context.Context, file string, src config.Sources) (c config.Config, err error) {
	if !there(file) {
		return config.Load(src)
	}
	s, err := store.Open(ctx, file)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	now, err := Open(ctx, s, src)
	if err != nil {
		return c, err
	}
	return now.Now(), nil
}

// there reports whether there is something in a file.
func there(file string) bool {
	dir, name, err := vfs.OpenPath(file)
	if err != nil {
		return false
	}
	info, err := dir.Stat(name)
	return errors.Join(err, dir.Close()) == nil && info.Size() > 0
}
