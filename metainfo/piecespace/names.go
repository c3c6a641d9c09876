package piecespace

import (
	"fmt"
	"strings"

	"github.com/warren-p2p/warren/metainfo/internal/pathname"
)

// CheckName reports why a slash-separated name cannot be that of a file below a
// folder: some system would not take it, or it leads out of the folder.
func CheckName(name string) error { return pathname.CheckPath(strings.Split(name, "/")) }

// CheckDistinct reports which of some names, which passed [CheckName], some system
// would take for the same one, by case or by Unicode form (NFC), and where a file
// would lie where another needs a folder.
func CheckDistinct(names []string) error {
	set := pathname.NewSet(len(names))
	for _, name := range names {
		if err := set.Add(name); err != nil {
			return fmt.Errorf("%q: %w", name, err)
		}
	}
	return nil
}
