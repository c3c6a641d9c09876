package trackerhost

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/warren-p2p/warren/internal/vfs"
)

// The files of a tracker in its folder.
const (
	keyFile   = "tracker-key"
	peersFile = "tracker-peers"
)

// key returns the secret part of the path, which is drawn once for an install: 26
// characters with 128 bits by chance.
func key(dir vfs.FS) (string, error) {
	b, err := vfs.ReadFile(dir, keyFile)
	if text := strings.TrimSpace(string(b)); err == nil && len(text) >= 26 && !strings.ContainsAny(text, "/?#%") {
		return text, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the key of the tracker: %w", err)
	}
	text := strings.ToLower(rand.Text())
	if err := vfs.WriteFileAtomic(dir, keyFile, []byte(text+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("keep the key of the tracker: %w", err)
	}
	return text, nil
}

// load reads the snapshot.
func (h *Host) load() {
	if h.cfg.Dir == nil {
		return
	}
	b, err := vfs.ReadFile(h.cfg.Dir, peersFile)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err == nil {
		err = h.memory.Load(b, h.cfg.Clock.Now())
	}
	if err == nil {
		return
	}
	// It is not written over: a later version of the program may want it back.
	err = errors.Join(err, h.cfg.Dir.Rename(peersFile, peersFile+".unread"))
	h.cfg.Log.Warn("the tracker begins without the peers it knew", "error", err)
}

// save writes the snapshot.
func (h *Host) save() error {
	if h.memory == nil || h.cfg.Dir == nil {
		return nil
	}
	var b bytes.Buffer
	if err := h.memory.Save(&b, h.cfg.Clock.Now()); err != nil {
		return err
	}
	return vfs.WriteFileAtomic(h.cfg.Dir, peersFile, b.Bytes(), 0o600)
}
