// Package piecespace lays the files of a torrent end to end and cuts them into
// pieces (BEP 3, 47, 52).
package piecespace

import "sort"

// Space is files laid end to end in a piece space that is cut into pieces of
// PieceLength bytes, the last one shorter. [Lay] makes it.
//
// In a version 1 torrent the files follow each other directly; padding is
// itself a file (BEP 47). In a torrent of version 2 alone each file starts at a
// piece boundary and the rest of its last piece is a gap (BEP 52). Every piece
// holds at least one byte that is not padding.
type Space struct {
	Name        string // of the file, or of the directory that holds the files
	MultiFile   bool   // files lie in a directory called Name
	PieceLength int64  // bytes
	Gaps        bool   // of version 2 alone: files start at pieces without padding
	Files       []File // in the order of the piece space, padding included

	numPieces int
	end       int64 // of the last file in the piece space
	content   int64
}

// NumPieces returns the number of pieces; they are numbered from 0.
func (s *Space) NumPieces() int { return s.numPieces }

// TotalLength returns the bytes of content, padding not counted.
func (s *Space) TotalLength() int64 { return s.content }

// PieceLen returns the bytes of piece i as version 1 hashes it, padding
// included; in a torrent of version 2 alone the bytes of the file in it.
func (s *Space) PieceLen(i int) int {
	start := int64(i) * s.PieceLength
	end := min(start+s.PieceLength, s.end)
	if s.Gaps {
		f := &s.Files[s.fileAt(start)]
		end = min(end, f.Offset+f.Length)
	}
	return int(end - start)
}

// DataLen returns PieceLen less the padding at the end of the piece: the bytes
// that peers are asked for and that are stored. It is never 0.
func (s *Space) DataLen(i int) int {
	n := s.PieceLen(i)
	if s.Gaps {
		return n
	}
	start := int64(i) * s.PieceLength
	end := start + int64(n)
	for f := s.fileAt(end - 1); f >= 0; f-- {
		if file := &s.Files[f]; file.Length > 0 {
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
func (s *Space) fileAt(off int64) int {
	return sort.Search(len(s.Files), func(i int) bool {
		return s.Files[i].Offset+s.Files[i].Length > off
	})
}

// PieceFile returns the first file with bytes in piece i.
func (s *Space) PieceFile(i int) int { return s.fileAt(int64(i) * s.PieceLength) }

// FilePieces returns the pieces that hold bytes of a file: first ≤ p < end.
// They are equal for an empty file.
func (s *Space) FilePieces(file int) (first, end int) {
	f := &s.Files[file]
	first = int(f.Offset / s.PieceLength)
	if f.Length == 0 {
		return first, first
	}
	return first, int((f.Offset + f.Length + s.PieceLength - 1) / s.PieceLength)
}

// Span is a run of bytes of one piece that lies in one file.
type Span struct {
	File     int   // index in Space.Files
	FileOff  int64 // where the run starts in the file
	PieceOff int   // where it starts in the piece
	Len      int   // bytes
}

// AppendSpans appends the spans that make up PieceLen bytes of a piece, in
// order. Padding is among them: see Files[s.File].Pad.
func (s *Space) AppendSpans(dst []Span, piece int) []Span {
	start := int64(piece) * s.PieceLength
	end := start + int64(s.PieceLen(piece))
	for i := s.fileAt(start); i < len(s.Files) && s.Files[i].Offset < end; i++ {
		f := &s.Files[i]
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
