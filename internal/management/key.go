package management

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/vfs"
)

// KeyFile is where the owner's key lies in the home of a node.
const KeyFile = "management-token"

// OwnerKey returns the owner's key: 256 bits in 43 characters of base64url. It is made
// if there is none; one that is damaged is an error, since replacing it would shut out
// whoever has it.
func OwnerKey(home vfs.FS) (string, error) {
	text, err := vfs.ReadFile(home, KeyFile)
	if errors.Is(err, fs.ErrNotExist) {
		key := access.Draw("")
		if err := vfs.WriteFileAtomic(home, KeyFile, []byte(key+"\n"), 0o600); err != nil {
			return "", fmt.Errorf("make the owner's key: %w", err)
		}
		return key, nil
	}
	if err != nil {
		return "", fmt.Errorf("read the owner's key: %w", err)
	}
	key := strings.TrimSpace(string(text))
	if b, err := base64.RawURLEncoding.DecodeString(key); err != nil || len(b) != 32 {
		return "", fmt.Errorf("%s in the node's home is damaged: remove it, and a new one is made", KeyFile)
	}
	return key, nil
}
