package home

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/warren-p2p/warren/internal/vfs"
)

// Restored is the folder that a backup is unpacked to: once it has this name, all of it
// is there and was checked, and what remains is to put it into its place.
const Restored = "restored"

// PutInPlace moves what a restore left in [Restored] to where it belongs. Whoever
// opens a home does this first: so a restore that was ended in the middle of it has
// happened, and not by half.
func PutInPlace(dir vfs.FS) error {
	entries, err := dir.ReadDir(Restored)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		if err == nil {
			err = gone(dir.Rename(Restored+"/"+e.Name(), e.Name()))
		}
	}
	if err == nil {
		err = vfs.SyncDir(dir, ".") // before the folder that shows what is to be done goes
	}
	if err == nil {
		err = gone(dir.Remove(Restored))
	}
	if err != nil {
		return fmt.Errorf("put what was restored into its place: %w", err)
	}
	return nil
}

// gone takes it that another process did the same.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
