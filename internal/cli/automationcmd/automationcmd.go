// Package automationcmd holds the commands about what the node that runs in a home does
// by itself, but for feeds: watch and blocklist.
package automationcmd

import "path/filepath"

// How is how torrents are added that come by themselves.
type How struct {
	Category string   `placeholder:"NAME" help:"Category of the torrents; made if it is not there."`
	Label    []string `placeholder:"NAME" help:"A label of theirs; may be given several times."`
	Dir      string   `short:"o" placeholder:"DIR" help:"Directory that their content lands in; that of the category, or the node's own, by default."`
	Paused   bool     `help:"Let them wait until they are resumed."`
}

// Wait is nil unless something was said.
func (h *How) Wait() *bool {
	if !h.Paused {
		return nil
	}
	return &h.Paused
}

// Full returns the full path of what was typed, "" for nothing.
func Full(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	return filepath.Abs(path)
}
