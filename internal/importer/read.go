package importer

import (
	"fmt"

	"github.com/warren-p2p/warren/internal/vfs"
)

// ReadFile returns the content of a file that has no more than limit bytes.
func ReadFile(dir vfs.FS, name string, limit int64) ([]byte, error) {
	st, err := dir.Stat(name)
	if err != nil {
		return nil, err
	}
	if st.Size() > limit {
		return nil, fmt.Errorf("%s has %d bytes, which is too much", name, st.Size())
	}
	return vfs.ReadFile(dir, name)
}
