package access

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"github.com/warren-p2p/warren/internal/vfs"
)

// KeyFile is where the owner's key lies in the home of a node.
const KeyFile = "management-token"

// Key is the owner's key: 256 bits in 43 characters of base64url. Who has it owns the
// node. Its methods are safe for concurrent use.
type Key struct {
	home      vfs.FS
	replacing sync.Mutex // one at a time; taken before mu

	mu   sync.Mutex
	text string
	life context.Context // of text
	end  context.CancelFunc
}

// OpenKey reads the owner's key from the home of a node. It is made if there is none;
// one that is damaged is an error, since replacing it would shut out whoever has it.
func OpenKey(home vfs.FS) (*Key, error) {
	k := &Key{home: home}
	k.life, k.end = context.WithCancel(context.Background())
	text, err := vfs.ReadFile(home, KeyFile)
	if errors.Is(err, fs.ErrNotExist) {
		if k.text, err = k.draw(); err != nil {
			return nil, fmt.Errorf("make the owner's key: %w", err)
		}
		return k, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the owner's key: %w", err)
	}
	k.text = strings.TrimSpace(string(text))
	if b, err := base64.RawURLEncoding.DecodeString(k.text); err != nil || len(b) != 32 {
		return nil, fmt.Errorf("%s in the node's home is damaged: remove it, and a new one is made", KeyFile)
	}
	return k, nil
}

// draw puts a new one into the home.
func (k *Key) draw() (string, error) {
	text := Draw("")
	return text, vfs.WriteFileAtomic(k.home, KeyFile, []byte(text+"\n"), 0o600)
}

// Text returns the key as it is now.
func (k *Key) Text() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.text
}

// Is reports whether a text is the key as it is now.
func (k *Key) Is(text string) bool {
	return subtle.ConstantTimeCompare([]byte(text), []byte(k.Text())) == 1
}

// Life returns a context that ends when the key as it is now is replaced.
func (k *Key) Life() context.Context {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.life
}

// Replace makes a new key, and returns it. The one before opens nothing any more,
// neither does what was got with it. After an error it is as it was.
func (k *Key) Replace() (string, error) {
	k.replacing.Lock()
	defer k.replacing.Unlock()
	text, err := k.draw()
	if err != nil {
		return "", fmt.Errorf("replace the owner's key: %w", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.text = text
	k.end()
	k.life, k.end = context.WithCancel(context.Background())
	return text, nil
}
