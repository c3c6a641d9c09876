//go:build !linux

package sys

import (
	"io/fs"
	"os"
)

// OpenBeneath opens name below dir where the system has one call for it; here
// it has none.
func OpenBeneath(*os.File, string, int, fs.FileMode) (*os.File, bool) { return nil, false }
