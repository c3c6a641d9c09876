// Package infodict reads and writes info dictionaries (BEP 3, 30, 47, 52). It
// checks each value by itself; whether they fit together is for metainfo.
package infodict

import (
	"maps"
	"unicode/utf8"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/internal/check"
	"github.com/warren-p2p/warren/metainfo/internal/pathname"
	"github.com/warren-p2p/warren/metainfo/piecespace"
)

const maxPieceLength = 512 << 20

// Dict is an info dictionary. The files are still to be laid out.
type Dict struct {
	Name        string
	PieceLength int64
	Private     bool
	Source      string
	SSLCert     string
	V1, V2      bool
	MultiFile   bool              // version 1: there is a list of files
	Files       []piecespace.File // version 1, padding included
	Tree        []piecespace.File // version 2, in the order of the tree
	Pieces      []byte            // version 1, unless Root is given
	Root        []byte            // version 1: 20 bytes (BEP 30)
}

// keys are the values of the dictionary.
type keys map[string]bencode.Value

// Read reads an info dictionary. The dictionary shares the bytes of v. Errors
// are of type [*check.Error].
func Read(v bencode.Value) (*Dict, error) {
	if v.Kind() != bencode.Dict {
		return nil, check.Bad("info", check.Absent(v))
	}
	k := make(keys)
	maps.Insert(k, v.Dict())
	d := &Dict{}
	for _, step := range []func(keys) error{d.readVersion, d.readScalars, d.readTree, d.readFiles, d.readHashes} {
		if err := step(k); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (d *Dict) readVersion(k keys) error {
	if v, ok := k["meta version"]; ok {
		n, isInt := v.Int()
		if !isInt {
			return check.Bad("info.meta version", check.ErrType)
		}
		if n != 2 {
			return check.Badf("info.meta version", check.ErrVersion, "%d", n)
		}
		d.V2 = true
	}
	_, hasPieces := k["pieces"]
	_, hasRoot := k["root hash"]
	d.V1 = hasPieces || hasRoot
	if !d.V1 && !d.V2 {
		return check.Bad("info.pieces", check.ErrMissing)
	}
	return nil
}

func (d *Dict) readScalars(k keys) (err error) {
	if d.Name, err = name(k["name"], k["name.utf-8"], "info.name"); err != nil {
		return err
	}
	if d.PieceLength, err = check.Int(k["piece length"], "info.piece length"); err != nil {
		return err
	}
	if err := CheckPieceLength(d.PieceLength, d.V2); err != nil {
		return check.Bad("info.piece length", err)
	}
	if v, ok := k["private"]; ok {
		n, err := check.Int(v, "info.private")
		if err != nil {
			return err
		}
		d.Private = n == 1
	}
	if v, ok := k["source"]; ok {
		if d.Source, ok = v.Text(); !ok {
			return check.Bad("info.source", check.ErrType)
		}
	}
	if v, ok := k["ssl-cert"]; ok {
		if d.SSLCert, ok = v.Text(); !ok {
			return check.Bad("info.ssl-cert", check.ErrType)
		}
	}
	return nil
}

// CheckPieceLength reports with [check.ErrPieceLength] whether n cannot be a
// piece length: BEP 52 wants a power of two of at least one block.
func CheckPieceLength(n int64, v2 bool) error {
	if n <= 0 || n > maxPieceLength || v2 && (n < merkle.BlockLen || n&(n-1) != 0) {
		return check.ErrPieceLength
	}
	return nil
}

// name reads one path component. Torrents from before UTF-8 was the rule
// carry a second key for it.
func name(v, utf8Form bencode.Value, field string) (string, error) {
	s, err := check.Text(v, field)
	if err != nil {
		return "", err
	}
	if !utf8.ValidString(s) && utf8Form.Kind() == bencode.String {
		s, _ = utf8Form.Text()
	}
	if err := pathname.Check(s); err != nil {
		return "", check.Bad(field, err)
	}
	return s, nil
}

// readHashes reads the hashes of version 1; pieces go before a root hash.
func (d *Dict) readHashes(k keys) (err error) {
	if !d.V1 {
		return nil
	}
	if _, ok := k["pieces"]; ok {
		d.Pieces, err = check.Bytes(k["pieces"], "info.pieces")
		return err
	}
	if d.Root, err = check.Bytes(k["root hash"], "info.root hash"); err != nil {
		return err
	}
	if len(d.Root) != 20 {
		return check.Badf("info.root hash", check.ErrRange, "%d bytes", len(d.Root))
	}
	return nil
}
