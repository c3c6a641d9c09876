package piecespace

import (
	"math"
	"strings"

	"github.com/warren-p2p/warren/metainfo/internal/check"
	"github.com/warren-p2p/warren/metainfo/internal/pathname"
)

// MaxLength bounds files and the space they are laid out in, in bytes: sums of
// two do not overflow.
const MaxLength = math.MaxInt64 / 4

const maxPieces = 1 << 23 // a bit field of 1 MiB

// Lay lays out a space of which the exported fields are set: it gives each file
// its offset and its name. It refuses what no peer could store or ask for:
// files that are too long, or that some system would take for the same one, too
// many pieces, a piece that is nothing but padding. Errors are of type
// *metainfo.FieldError; the names and PieceLength must have been checked.
func Lay(s Space) (Space, error) {
	for _, step := range []func() error{s.place, s.checkNames, s.countPieces, s.checkPads} {
		if err := step(); err != nil {
			return Space{}, err
		}
	}
	return s, nil
}

func (s *Space) place() error {
	for i := range s.Files {
		f := &s.Files[i]
		if f.Length < 0 || f.Length > MaxLength {
			return check.Badf(s.field(i)+".length", check.ErrRange, "%d", f.Length)
		}
		f.Offset = s.end
		if s.Gaps && f.Length > 0 {
			f.Offset = (s.end + s.PieceLength - 1) / s.PieceLength * s.PieceLength
		}
		s.end = f.Offset + f.Length
		if s.end > MaxLength {
			return check.Badf(s.field(i)+".length", check.ErrRange, "all files together are too long")
		}
		if !f.Pad {
			s.content += f.Length
		}
		f.name = strings.Join(f.Path, "/")
		if s.MultiFile {
			f.name = s.Name + "/" + f.name
		}
	}
	return nil
}

// checkNames refuses files that some system would take for the same one.
func (s *Space) checkNames() error {
	set := pathname.NewSet(len(s.Files))
	for i := range s.Files {
		f := &s.Files[i]
		if f.Pad {
			continue
		}
		if err := set.Add(f.name); err != nil {
			return check.Badf(s.field(i), err, "%q", f.name)
		}
	}
	return nil
}

func (s *Space) countPieces() error {
	if s.content == 0 {
		return check.Bad("info", check.ErrEmpty)
	}
	n := (s.end + s.PieceLength - 1) / s.PieceLength
	if n > maxPieces {
		return check.Badf("info.piece length", check.ErrPieceCount, "%d pieces, at most %d", n, maxPieces)
	}
	s.numPieces = int(n)
	return nil
}

// checkPads refuses a piece that is nothing but padding: there would be
// nothing to fetch for it.
func (s *Space) checkPads() error {
	var start, end int64 // the run of padding that ends with the last file seen
	for i := range s.Files {
		f := &s.Files[i]
		if f.Length == 0 {
			continue
		}
		if !f.Pad {
			start = f.Offset + f.Length
			continue
		}
		end = f.Offset + f.Length
		first := (start + s.PieceLength - 1) / s.PieceLength * s.PieceLength
		if first+s.PieceLength <= end || end == s.end && first < end {
			return check.Badf(s.field(i), check.ErrPad, "it fills a whole piece")
		}
	}
	return nil
}

// field returns how errors name a file, as part of the info dictionary: such as
// info.files[3], or info for the only file of version 1.
func (s *Space) field(i int) string {
	switch {
	case s.Gaps:
		return check.TreeField(s.Files[i].Path)
	case !s.MultiFile:
		return "info"
	}
	return check.FileField(i)
}
