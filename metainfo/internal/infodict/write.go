package infodict

import (
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/piecespace"
)

// Bytes writes the dictionary in canonical form; Hidden is left out.
func (d *Dict) Bytes() []byte {
	dict := map[string]any{"name": d.Name, "piece length": d.PieceLength}
	if d.Private {
		dict["private"] = 1
	}
	if d.Source != "" {
		dict["source"] = d.Source
	}
	if d.SSLCert != "" {
		dict["ssl-cert"] = d.SSLCert
	}
	if d.V1 {
		dict["pieces"] = d.Pieces
		d.addFiles(dict)
	}
	if d.V2 {
		dict["meta version"] = 2
		dict["file tree"] = d.tree()
	}
	return bencode.Append(nil, dict)
}

// addFiles writes the version 1 description of the files.
func (d *Dict) addFiles(dict map[string]any) {
	if !d.MultiFile {
		addProperties(dict, &d.Files[0])
		return
	}
	files := make([]any, len(d.Files))
	for i := range d.Files {
		entry := map[string]any{"path": List(d.Files[i].Path)}
		addProperties(entry, &d.Files[i])
		files[i] = entry
	}
	dict["files"] = files
}

// addProperties writes what both versions say about a file.
func addProperties(dict map[string]any, f *piecespace.File) {
	dict["length"] = f.Length
	attr := ""
	switch {
	case f.Pad:
		attr = "p"
	case f.Symlink != nil:
		attr = "l"
		dict["symlink path"] = List(f.Symlink)
	case f.Executable:
		attr = "x"
	}
	if attr != "" {
		dict["attr"] = attr
	}
}

// tree writes the file tree of BEP 52.
func (d *Dict) tree() map[string]any {
	root := make(map[string]any)
	for i := range d.Tree {
		f := &d.Tree[i]
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

// List returns a list of strings as bencode writes it.
func List(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}
