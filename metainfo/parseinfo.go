package metainfo

import (
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/internal/check"
	"github.com/warren-p2p/warren/metainfo/internal/infodict"
	"github.com/warren-p2p/warren/metainfo/internal/pathname"
)

const maxPieces = 1 << 23 // a bit field of 1 MiB

// parseInfo reads and checks a whole info dictionary.
func parseInfo(v bencode.Value) (*Info, error) {
	d, err := infodict.Read(v)
	if err != nil {
		return nil, err
	}
	in := &Info{
		Name: d.Name, PieceLength: d.PieceLength, Private: d.Private, Source: d.Source,
		v1: d.V1, v2: d.V2, merkleV1: len(d.Root) > 0, pieces: d.Pieces,
	}
	if in.merkleV1 {
		in.merkleRoot = HashV1(d.Root)
	}
	if err := in.setFiles(d); err != nil {
		return nil, err
	}
	for _, step := range []func() error{in.checkNames, in.countPieces, in.checkPads} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return in, nil
}

// countPieces settles the number of pieces.
func (in *Info) countPieces() error {
	if in.content == 0 {
		return check.Bad("info", ErrEmpty)
	}
	n := (in.space + in.PieceLength - 1) / in.PieceLength
	if n > maxPieces {
		return check.Badf("info.piece length", ErrPieceCount, "%d pieces, at most %d", n, maxPieces)
	}
	in.numPieces = int(n)
	if in.v1 && !in.merkleV1 && int64(len(in.pieces)) != n*int64(len(HashV1{})) {
		return check.Badf("info.pieces", ErrPieceCount, "%d bytes of hashes for %d pieces", len(in.pieces), n)
	}
	return nil
}

// checkNames refuses files that some system would take for the same one.
func (in *Info) checkNames() error {
	set := pathname.NewSet(len(in.Files))
	for i := range in.Files {
		f := &in.Files[i]
		if f.Pad {
			continue
		}
		if err := set.Add(f.name); err != nil {
			return check.Badf(in.fileField(i), err, "%q", f.name)
		}
	}
	return nil
}

// checkPads refuses a piece that is nothing but padding: there would be
// nothing to fetch for it.
func (in *Info) checkPads() error {
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
			return check.Badf(in.fileField(i), ErrPad, "it fills a whole piece")
		}
	}
	return nil
}
