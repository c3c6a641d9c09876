package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/warren-p2p/warren/internal/vfs"
)

// Names of the files in the documentation directory.
const (
	JSONName     = "benchmarks.json"
	MarkdownName = "benchmarks.md"
)

// Load reads earlier results; a missing file is no results.
func Load(dir vfs.FS) (Results, error) {
	var r Results
	b, err := vfs.ReadFile(dir, JSONName)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil {
		return Results{}, fmt.Errorf("read earlier results from %s: %w", JSONName, err)
	}
	return r, nil
}

// Save writes the results and the document made from them.
func Save(dir vfs.FS, r Results) error {
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("encode results: %w", err)
	}
	for name, data := range map[string][]byte{JSONName: append(b, '\n'), MarkdownName: []byte(r.Markdown())} {
		if err := vfs.WriteFileAtomic(dir, name, data, 0o644); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}
