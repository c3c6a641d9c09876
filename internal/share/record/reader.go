package record

import (
	"strconv"
	"time"

	"github.com/warren-p2p/warren/internal/wire/bencode"
)

// reader takes values, and remembers the first that is not what it should be.
type reader struct{ err error }

func (r *reader) bad(field, reason string) {
	if r.err == nil {
		r.err = &FieldError{field, reason}
	}
}

func (r *reader) fixed(field string, v bencode.Value, into []byte) bool {
	b, ok := v.Bytes()
	if !ok || len(b) != len(into) {
		r.bad(field, "it has not "+strconv.Itoa(len(into))+" bytes")
		return false
	}
	copy(into, b)
	return true
}

func (r *reader) text(field string, v bencode.Value) string {
	text, ok := v.Text()
	if !ok || text == "" {
		r.bad(field, "it is no text, or empty")
	}
	return text
}

// optional is "" for what is not there.
func (r *reader) optional(field string, v bencode.Value) string {
	if v.Kind() == bencode.Invalid {
		return ""
	}
	return r.text(field, v)
}

func (r *reader) number(field string, v bencode.Value) int64 {
	n, ok := v.Int()
	if !ok {
		r.bad(field, "it is no number")
	}
	return n
}

func (r *reader) time(field string, v bencode.Value) time.Time {
	n := r.number(field, v)
	if n < 1 || n > latest {
		r.bad(field, "it is not a second between 1970 and 9999")
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

func (r *reader) tags(into *Record, v bencode.Value) {
	if v.Kind() != bencode.List || v.Len() > MaxTags {
		r.bad("tags", "they are no list, or too many")
		return
	}
	for tag := range v.All() {
		into.Tags = append(into.Tags, r.text("tags", tag))
	}
}

func (r *reader) files(into *Record, v bencode.Value) {
	n := v.Len()
	if v.Kind() != bencode.List || n > MaxFiles {
		r.bad("files", "they are no list, or too many")
		return
	}
	into.Files = make([]File, 0, n) // each has bytes of its own in the input
	for one := range v.All() {
		var f File
		parts := 0
		for part := range one.All() {
			switch parts {
			case 0:
				f.Path = r.text("files", part)
			case 1:
				f.Size = r.number("files", part)
			case 2:
				r.fixed("files", part, f.Root[:])
			}
			parts++
		}
		if one.Kind() != bencode.List || (parts == 3) != (f.Size != 0) || parts < 2 || parts > 3 || f.Root.IsZero() != (f.Size == 0) {
			r.bad("files", "one is no path, size and root")
		}
		into.Files = append(into.Files, f)
	}
}
