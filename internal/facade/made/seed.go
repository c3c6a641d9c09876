package made

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/warren-p2p/warren/internal/vfs"
)

const seedFile = "site-seed"

// Seed returns the seed of this install, made on first use: 64 hexadecimal digits in
// a file. Whoever removes the file gets another site.
func Seed(dir vfs.FS) (seed [32]byte, err error) {
	text, err := vfs.ReadFile(dir, seedFile)
	if errors.Is(err, fs.ErrNotExist) {
		rand.Read(seed[:])
		text = []byte(hex.EncodeToString(seed[:]) + "\n")
		if err := vfs.WriteFileAtomic(dir, seedFile, text, 0o600); err != nil {
			return seed, fmt.Errorf("keep %s: %w", seedFile, err)
		}
		return seed, nil
	}
	if err != nil {
		return seed, fmt.Errorf("read %s: %w", seedFile, err)
	}
	b, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(b) != len(seed) {
		return seed, fmt.Errorf("read %s: not %d hexadecimal digits: remove it for a new one", seedFile, 2*len(seed))
	}
	return [32]byte(b), nil
}
