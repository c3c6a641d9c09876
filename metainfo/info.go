package metainfo

import (
	"slices"

	"github.com/warren-p2p/warren/internal/merkle"
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/internal/check"
	"github.com/warren-p2p/warren/metainfo/internal/infodict"
	"github.com/warren-p2p/warren/metainfo/piecespace"
)

// Info is what an info dictionary says: the content, as files in a piece space,
// and its hashes.
type Info struct {
	piecespace.Space
	Private bool // BEP 27
	Source  string
	// SSLCert is the certificate of the authority whose certificates all peers of
	// an SSL torrent show, X.509 in PEM, as it came: see package
	// btls/ssltorrent. It is empty for all others.
	SSLCert string

	v1, v2     bool
	pieces     []byte // 20 bytes each; empty for version 2 and BEP 30
	merkleRoot HashV1 // BEP 30
	merkleV1   bool
}

// HasV1 reports whether version 1 peers can fetch the content.
func (in *Info) HasV1() bool { return in.v1 }

// HasV2 reports whether version 2 peers can fetch the content.
func (in *Info) HasV2() bool { return in.v2 }

// MerkleRoot returns the root over the piece hashes of a BEP 30 torrent.
func (in *Info) MerkleRoot() (HashV1, bool) { return in.merkleRoot, in.merkleV1 }

// pieceLayer is the layer of a hash tree whose nodes cover one piece.
func (in *Info) pieceLayer() int { return merkle.Layers(in.PieceLength / merkle.BlockLen) }

// parseInfo reads and checks a whole info dictionary.
func parseInfo(v bencode.Value) (*Info, error) {
	d, err := infodict.Read(v)
	if err != nil {
		return nil, err
	}
	in := &Info{
		Private: d.Private, Source: d.Source, SSLCert: d.SSLCert,
		v1: d.V1, v2: d.V2, merkleV1: len(d.Root) > 0, pieces: d.Pieces,
	}
	if in.merkleV1 {
		in.merkleRoot = HashV1(d.Root)
	}
	if err := in.setFiles(d); err != nil {
		return nil, err
	}
	want := in.NumPieces() * len(HashV1{})
	if in.v1 && !in.merkleV1 && len(in.pieces) != want {
		return nil, check.Badf("info.pieces", ErrPieceCount, "%d bytes of hashes for %d pieces", len(in.pieces), in.NumPieces())
	}
	return in, nil
}

// setFiles takes the files of either or both versions and places them in the
// piece space.
func (in *Info) setFiles(d *infodict.Dict) (err error) {
	inDir := len(d.Tree) != 1 || len(d.Tree[0].Path) != 1 || d.Tree[0].Path[0] != d.Name
	space := piecespace.Space{
		Name: d.Name, PieceLength: d.PieceLength,
		Files: d.Files, MultiFile: d.MultiFile,
	}
	if !in.v1 {
		space.Files, space.MultiFile, space.Gaps = d.Tree, inDir, true
	}
	if in.Space, err = piecespace.Lay(space); err != nil || !in.v1 || !in.v2 {
		return err
	}
	if in.MultiFile != inDir {
		return check.Badf("info.files", ErrHybrid, "only one of them has a directory")
	}
	return in.merge(d.Tree)
}

// merge adds what the file tree says to the files of version 1 and refuses
// any difference: each version's peers would store other content (BEP 52).
func (in *Info) merge(tree []piecespace.File) error {
	next := 0
	for i := range in.Files {
		f := &in.Files[i]
		if f.Pad {
			continue
		}
		field := "info"
		if in.MultiFile {
			field = check.FileField(i)
		}
		if next == len(tree) {
			return check.Badf(field, ErrHybrid, "%q is not in the file tree", f.Name())
		}
		other := &tree[next]
		next++
		switch {
		case !slices.Equal(f.Path, other.Path):
			return check.Badf(field+".path", ErrHybrid, "%q, file tree %q", f.Path, other.Path)
		case f.Length != other.Length:
			return check.Badf(field+".length", ErrHybrid, "%d, file tree %d", f.Length, other.Length)
		case !slices.Equal(f.Symlink, other.Symlink):
			return check.Badf(field+".symlink path", ErrHybrid, "%q, file tree %q", f.Symlink, other.Symlink)
		case f.Length > 0 && f.Offset%in.PieceLength != 0:
			return check.Badf(field, ErrHybrid, "it does not start at a piece")
		}
		f.PiecesRoot = other.PiecesRoot
		f.Executable = f.Executable || other.Executable
		f.Hidden = f.Hidden || other.Hidden
	}
	if next < len(tree) {
		return check.Badf(check.TreeField(tree[next].Path), ErrHybrid, "it is not in info.files")
	}
	return nil
}
