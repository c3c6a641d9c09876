package metainfo

import (
	"path"
	"sort"
	"strings"

	"github.com/warren-p2p/warren/internal/merkle"
)

// Info is the content a torrent describes: files laid end to end in a piece
// space that is cut into pieces of PieceLength bytes, the last one shorter.
//
// In a version 1 torrent the files follow each other directly; padding is
// itself a file (BEP 47). In a version 2 torrent each file starts at a piece
// boundary and the rest of its last piece is a gap (BEP 52). Every piece holds
// at least one byte that is not padding.
type Info struct {
	Name        string // of the file, or of the directory that holds the files
	PieceLength int64  // bytes
	Files       []File // in the order of the piece space, padding included
	Private     bool   // BEP 27
	Source      string
	MultiFile   bool // files lie in a directory called Name

	v1, v2     bool
	pieces     []byte // 20 bytes each; empty for version 2 and BEP 30
	merkleRoot HashV1 // BEP 30
	merkleV1   bool
	numPieces  int
	space      int64 // end of the last file in the piece space
	content    int64
}

// File is one file of a torrent, or a symbolic link, or padding.
type File struct {
	Path       []string // below the torrent's directory; just the name of a single file
	Length     int64    // bytes; 0 for links
	Offset     int64    // of the first byte in the piece space
	Pad        bool     // zero bytes that are neither transferred nor stored (BEP 47)
	Executable bool     // BEP 47
	Hidden     bool     // BEP 47
	Symlink    []string // target below the torrent's directory; nil if not a link (BEP 47)
	PiecesRoot HashV2   // zero for version 1, empty files, links and padding

	name string
}

// Name returns the slash-separated path below the download folder: it begins
// with the torrent's name if that is a directory.
func (f *File) Name() string { return f.name }

// LinkTarget returns what a symbolic link at Name must contain: the
// slash-separated way from the directory of the link to its target.
func (f *File) LinkTarget() string {
	dir := f.Path[:len(f.Path)-1]
	shared := 0
	for shared < len(dir) && shared < len(f.Symlink)-1 && dir[shared] == f.Symlink[shared] {
		shared++
	}
	return strings.Repeat("../", len(dir)-shared) + path.Join(f.Symlink[shared:]...)
}

// HasV1 reports whether version 1 peers can fetch the content.
func (in *Info) HasV1() bool { return in.v1 }

// HasV2 reports whether version 2 peers can fetch the content.
func (in *Info) HasV2() bool { return in.v2 }

// MerkleRoot returns the root over the piece hashes of a BEP 30 torrent.
func (in *Info) MerkleRoot() (HashV1, bool) { return in.merkleRoot, in.merkleV1 }

// NumPieces returns the number of pieces; they are numbered from 0.
func (in *Info) NumPieces() int { return in.numPieces }

// TotalLength returns the bytes of content, padding not counted.
func (in *Info) TotalLength() int64 { return in.content }

// PieceLen returns the bytes of piece i as version 1 hashes it, padding
// included; in a torrent of version 2 alone the bytes of the file in it.
func (in *Info) PieceLen(i int) int {
	start := int64(i) * in.PieceLength
	end := min(start+in.PieceLength, in.space)
	if !in.v1 {
		f := &in.Files[in.fileAt(start)]
		end = min(end, f.Offset+f.Length)
	}
	return int(end - start)
}

// DataLen returns PieceLen less the padding at the end of the piece: the bytes
// that peers are asked for and that are stored. It is never 0.
func (in *Info) DataLen(i int) int {
	n := in.PieceLen(i)
	if !in.v1 {
		return n
	}
	start := int64(i) * in.PieceLength
	end := start + int64(n)
	for f := in.fileAt(end - 1); f >= 0; f-- {
		if file := &in.Files[f]; file.Length > 0 {
			if !file.Pad {
				break
			}
			end = file.Offset
		}
	}
	return int(max(end-start, 0))
}

// fileAt returns the file that holds the byte at offset off of the piece
// space, which must not lie in a gap.
func (in *Info) fileAt(off int64) int {
	return sort.Search(len(in.Files), func(i int) bool {
		return in.Files[i].Offset+in.Files[i].Length > off
	})
}

// PieceFile returns the first file with bytes in piece i.
func (in *Info) PieceFile(i int) int { return in.fileAt(int64(i) * in.PieceLength) }

// FilePieces returns the pieces that hold bytes of a file: first ≤ p < end.
// They are equal for an empty file.
func (in *Info) FilePieces(file int) (first, end int) {
	f := &in.Files[file]
	first = int(f.Offset / in.PieceLength)
	if f.Length == 0 {
		return first, first
	}
	return first, int((f.Offset + f.Length + in.PieceLength - 1) / in.PieceLength)
}

// Span is a run of bytes of one piece that lies in one file.
type Span struct {
	File     int   // index in Info.Files
	FileOff  int64 // where the run starts in the file
	PieceOff int   // where it starts in the piece
	Len      int   // bytes
}

// AppendSpans appends the spans that make up PieceLen bytes of a piece, in
// order. Padding is among them: see Files[s.File].Pad.
func (in *Info) AppendSpans(dst []Span, piece int) []Span {
	start := int64(piece) * in.PieceLength
	end := start + int64(in.PieceLen(piece))
	for i := in.fileAt(start); i < len(in.Files) && in.Files[i].Offset < end; i++ {
		f := &in.Files[i]
		if f.Length == 0 {
			continue
		}
		from, to := max(start, f.Offset), min(end, f.Offset+f.Length)
		dst = append(dst, Span{
			File:     i,
			FileOff:  from - f.Offset,
			PieceOff: int(from - start),
			Len:      int(to - from),
		})
	}
	return dst
}

// pieceLayer is the layer of a hash tree whose nodes cover one piece.
func (in *Info) pieceLayer() int { return merkle.Layers(in.PieceLength / merkle.BlockLen) }
