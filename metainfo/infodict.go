package metainfo

import "github.com/warren-p2p/warren/internal/wire/bencode"

// infoDict writes the info dictionary of a draft that is laid out and hashed.
func (d *draft) infoDict() []byte {
	dict := map[string]any{
		"name":         d.info.Name,
		"piece length": d.info.PieceLength,
	}
	if d.opts.Private {
		dict["private"] = 1
	}
	if d.opts.Source != "" {
		dict["source"] = d.opts.Source
	}
	if d.v1() {
		dict["pieces"] = d.info.pieces
		d.addFiles(dict)
	}
	if d.v2() {
		dict["meta version"] = 2
		dict["file tree"] = d.tree()
	}
	return bencode.Append(nil, dict)
}

// addFiles writes the version 1 description of the files.
func (d *draft) addFiles(dict map[string]any) {
	if !d.multi {
		addProperties(dict, &d.info.Files[0])
		return
	}
	files := make([]any, len(d.info.Files))
	for i := range d.info.Files {
		entry := map[string]any{"path": anys(d.info.Files[i].Path)}
		addProperties(entry, &d.info.Files[i])
		files[i] = entry
	}
	dict["files"] = files
}

// addProperties writes what both versions say about a file.
func addProperties(dict map[string]any, f *File) {
	dict["length"] = f.Length
	attr := ""
	switch {
	case f.Pad:
		attr = "p"
	case f.Symlink != nil:
		attr = "l"
		dict["symlink path"] = anys(f.Symlink)
	case f.Executable:
		attr = "x"
	}
	if attr != "" {
		dict["attr"] = attr
	}
}

// tree writes the file tree of BEP 52.
func (d *draft) tree() map[string]any {
	root := make(map[string]any)
	for i := range d.info.Files {
		f := &d.info.Files[i]
		if f.Pad {
			continue
		}
		node := root
		for _, part := range f.Path {
			child, ok := node[part].(map[string]any)
			if !ok {
				child = make(map[string]any)
				node[part] = child
			}
			node = child
		}
		properties := make(map[string]any)
		addProperties(properties, f)
		if f.Symlink != nil {
			delete(properties, "length")
		}
		if f.Length > 0 {
			properties["pieces root"] = f.PiecesRoot[:]
		}
		node[""] = properties
	}
	return root
}
