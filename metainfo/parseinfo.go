package metainfo

import (
	"math"
	"unicode/utf8"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/internal/pathname"
)

const (
	maxPieceLength = 512 << 20
	maxPieces      = 1 << 23 // a bit field of 1 MiB
	maxSpace       = math.MaxInt64 / 4
)

// parseInfo reads and checks a whole info dictionary.
func parseInfo(v bencode.Value) (*Info, error) {
	if v.Kind() == bencode.Invalid {
		return nil, bad("info", ErrMissing)
	}
	if v.Kind() != bencode.Dict {
		return nil, bad("info", ErrType)
	}
	keys := make(map[string]bencode.Value)
	for key, val := range v.Dict() {
		keys[key] = val
	}
	in := &Info{}
	for _, step := range []func(map[string]bencode.Value) error{
		in.readVersion, in.readScalars, in.readFiles, in.checkNames, in.readPieces, in.checkPads,
	} {
		if err := step(keys); err != nil {
			return nil, err
		}
	}
	return in, nil
}

func (in *Info) readVersion(keys map[string]bencode.Value) error {
	if v, ok := keys["meta version"]; ok {
		n, isInt := v.Int()
		if !isInt {
			return bad("info.meta version", ErrType)
		}
		if n != 2 {
			return badf("info.meta version", ErrVersion, "%d", n)
		}
		in.v2 = true
	}
	_, hasPieces := keys["pieces"]
	_, hasRoot := keys["root hash"]
	in.v1 = hasPieces || hasRoot
	in.merkleV1 = hasRoot && !hasPieces
	if !in.v1 && !in.v2 {
		return bad("info.pieces", ErrMissing)
	}
	return nil
}

func (in *Info) readScalars(keys map[string]bencode.Value) (err error) {
	if in.Name, err = name(keys["name"], keys["name.utf-8"], "info.name"); err != nil {
		return err
	}
	if in.PieceLength, err = integer(keys["piece length"], "info.piece length"); err != nil {
		return err
	}
	if err := checkPieceLength(in.PieceLength, in.v2); err != nil {
		return bad("info.piece length", err)
	}
	if v, ok := keys["private"]; ok {
		n, err := integer(v, "info.private")
		if err != nil {
			return err
		}
		in.Private = n == 1
	}
	if v, ok := keys["source"]; ok {
		if in.Source, ok = v.Text(); !ok {
			return bad("info.source", ErrType)
		}
	}
	return nil
}

// checkPieceLength: BEP 52 wants a power of two of at least one block.
func checkPieceLength(n int64, v2 bool) error {
	if n <= 0 || n > maxPieceLength || v2 && (n < merkle.BlockLen || n&(n-1) != 0) {
		return ErrPieceLength
	}
	return nil
}

// name reads one path component. Torrents from before UTF-8 was the rule
// carry a second key for it.
func name(v, utf8Form bencode.Value, field string) (string, error) {
	s, err := text(v, field)
	if err != nil {
		return "", err
	}
	if !utf8.ValidString(s) && utf8Form.Kind() == bencode.String {
		s, _ = utf8Form.Text()
	}
	if err := pathname.Check(s); err != nil {
		return "", bad(field, err)
	}
	return s, nil
}

// readPieces reads the version 1 hashes and settles the number of pieces.
func (in *Info) readPieces(keys map[string]bencode.Value) error {
	if in.content == 0 {
		return bad("info", ErrEmpty)
	}
	n := (in.space + in.PieceLength - 1) / in.PieceLength
	if n > maxPieces {
		return badf("info.piece length", ErrPieceCount, "%d pieces, at most %d", n, maxPieces)
	}
	in.numPieces = int(n)
	if !in.v1 {
		return nil
	}
	if in.merkleV1 {
		root, err := bytesOf(keys["root hash"], "info.root hash")
		if err != nil {
			return err
		}
		if len(root) != len(in.merkleRoot) {
			return badf("info.root hash", ErrRange, "%d bytes", len(root))
		}
		in.merkleRoot = HashV1(root)
		return nil
	}
	pieces, err := bytesOf(keys["pieces"], "info.pieces")
	if err != nil {
		return err
	}
	if int64(len(pieces)) != n*int64(len(HashV1{})) {
		return badf("info.pieces", ErrPieceCount, "%d bytes of hashes for %d pieces", len(pieces), n)
	}
	in.pieces = pieces
	return nil
}

// checkNames refuses files that some system would take for the same one.
func (in *Info) checkNames(map[string]bencode.Value) error {
	set := pathname.NewSet(len(in.Files))
	for i := range in.Files {
		f := &in.Files[i]
		if f.Pad {
			continue
		}
		if err := set.Add(f.name); err != nil {
			return badf(in.fileField(i), err, "%q", f.name)
		}
	}
	return nil
}

// checkPads refuses a piece that is nothing but padding: there would be
// nothing to fetch for it.
func (in *Info) checkPads(map[string]bencode.Value) error {
	var start, end int64 // the run of padding that ends with the last file seen
	for i := range in.Files {
		f := &in.Files[i]
		if f.Length == 0 {
			continue
		}
		if !f.Pad {
			start = f.Offset + f.Length
			continue
		}
		end = f.Offset + f.Length
		first := (start + in.PieceLength - 1) / in.PieceLength * in.PieceLength
		if first+in.PieceLength <= end || end == in.space && first < end {
			return badf(in.fileField(i), ErrPad, "it fills a whole piece")
		}
	}
	return nil
}

func integer(v bencode.Value, field string) (int64, error) {
	n, ok := v.Int()
	if !ok {
		return 0, bad(field, absentOr(v))
	}
	return n, nil
}

func text(v bencode.Value, field string) (string, error) {
	s, ok := v.Text()
	if !ok {
		return "", bad(field, absentOr(v))
	}
	return s, nil
}

func bytesOf(v bencode.Value, field string) ([]byte, error) {
	b, ok := v.Bytes()
	if !ok {
		return nil, bad(field, absentOr(v))
	}
	return b, nil
}

func absentOr(v bencode.Value) error {
	if v.Kind() == bencode.Invalid {
		return ErrMissing
	}
	return ErrType
}
