package content

import "github.com/warren-p2p/warren/swarm/internal/picker"

// File is how a file of the content stands.
type File struct {
	Path     string // below the content folder, as it is called by now; "" for padding
	Length   int64  // bytes
	Done     int64  // bytes that are verified
	Priority picker.Priority
}

// Files returns how all files stand, in the order of metainfo.Info.Files.
func (c *Content) Files() []File {
	files := c.Meta.Info.Files
	list := make([]File, len(files))
	for i := range files {
		list[i] = File{Path: c.Store.Path(i), Length: files[i].Length, Done: c.Store.FileProgress(i), Priority: picker.Normal}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, p := range c.priority {
		list[i].Priority = p
	}
	return list
}
