// Package web is the browser UI as it was built: what `make web` puts into dist. The
// sources beside it are Svelte and TypeScript; nothing of them is needed to build the
// node.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var built embed.FS

// Dist returns what was built, with index.html at its root.
func Dist() fs.FS {
	dist, err := fs.Sub(built, "dist")
	if err != nil {
		panic(err) // "dist" is a valid path
	}
	return dist
}
