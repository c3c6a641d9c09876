package sound

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"github.com/go-flac/go-flac/v2"

	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// fields are the Vorbis comments that say what is played; all others go.
const fields = " title version album tracknumber tracktotal discnumber disctotal artist albumartist performer composer copyright license " +
	"organization genre date isrc lyricist conductor ensemble replaygain_track_gain replaygain_track_peak replaygain_album_gain " +
	"replaygain_album_peak totaltracks totaldiscs originaldate lyrics "

// LookFLAC notes what a file says that is not about the music.
func LookFLAC(l *trace.List, r io.ReaderAt, size int64) error {
	l.Removable = true
	file, err := flac.ParseMetadata(io.NewSectionReader(r, 0, min(size, maxTag)))
	if err != nil {
		return fmt.Errorf("%w: FLAC: %w", ErrMalformed, err)
	}
	for _, block := range file.Meta {
		switch block.Type {
		case flac.StreamInfo, flac.SeekTable, flac.CueSheet, flac.Padding:
		case flac.Application:
			l.Add(trace.Software, "application", fmt.Sprintf("%d bytes", len(block.Data)))
		case flac.Picture:
			if data, at := inFLAC(block.Data); at > 0 {
				Cover(l, data)
			}
		case flac.VorbisComment:
			_, list, err := comments(block.Data)
			if err != nil {
				return err
			}
			for _, c := range list {
				name, value, _ := strings.Cut(c, "=")
				kind, ok := trace.Called(name)
				if !ok {
					kind = trace.Comment
				}
				if !music(name) {
					l.Add(kind, name, value)
				}
			}
		default:
			l.Add(trace.Comment, fmt.Sprintf("block %d", block.Type), "notes of a program")
		}
	}
	return lookBehind(l, r, size)
}

// StripFLAC copies a file with what it says of the music alone.
func StripFLAC(w io.Writer, at io.ReaderAt, size int64) error {
	_, end, err := behind(at, size)
	if err != nil {
		return err
	}
	r := io.NewSectionReader(at, 0, end)
	file, err := flac.ParseMetadata(io.LimitReader(r, maxTag)) // which reads no byte more than it needs
	if err != nil {
		return fmt.Errorf("%w: FLAC: %w", ErrMalformed, err)
	}
	var kept []*flac.MetaDataBlock
	for _, block := range file.Meta {
		switch block.Type {
		case flac.StreamInfo, flac.SeekTable, flac.CueSheet:
			kept = append(kept, block)
		case flac.Picture:
			if data := cleanFLAC(block.Data); data != nil {
				kept = append(kept, &flac.MetaDataBlock{Type: flac.Picture, Data: data})
			}
		case flac.VorbisComment:
			vendor, list, err := comments(block.Data)
			if err != nil {
				return err
			}
			kept = append(kept, &flac.MetaDataBlock{Type: flac.VorbisComment, Data: withMusic(vendor, list)})
		}
	}
	if len(kept) == 0 || kept[0].Type != flac.StreamInfo {
		return fmt.Errorf("%w: FLAC: it does not begin with what it is", ErrMalformed)
	}
	file.Meta = kept
	if _, err := file.WriteTo(w); err != nil {
		return fmt.Errorf("write FLAC: %w", err)
	}
	_, err = io.Copy(w, r)
	return err
}

func music(name string) bool {
	return strings.Contains(fields, " "+strings.ToLower(name)+" ")
}

// comments reads those of Vorbis (its section 5).
func comments(b []byte) (vendor string, list []string, err error) {
	take := func() string {
		if len(b) < 4 || int64(binary.LittleEndian.Uint32(b)) > int64(len(b)-4) {
			err = fmt.Errorf("%w: comments of FLAC are cut off", ErrMalformed)
			return ""
		}
		n := binary.LittleEndian.Uint32(b)
		s := string(b[4 : 4+n])
		b = b[4+n:]
		return s
	}
	vendor = take()
	if err != nil || len(b) < 4 {
		return vendor, nil, err
	}
	n := binary.LittleEndian.Uint32(b)
	b = b[4:]
	for ; n > 0 && err == nil; n-- {
		list = append(list, take())
	}
	return vendor, list, err
}

// withMusic encodes comments again, those about the music alone.
func withMusic(vendor string, list []string) []byte {
	var kept []string
	for _, c := range list {
		if name, _, _ := strings.Cut(c, "="); music(name) {
			kept = append(kept, c)
		}
	}
	put := func(b []byte, s string) []byte {
		return append(binary.LittleEndian.AppendUint32(b, uint32(len(s))), s...)
	}
	b := binary.LittleEndian.AppendUint32(put(nil, vendor), uint32(len(kept)))
	for _, c := range kept {
		b = put(b, c)
	}
	return b
}
