package record

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/warren-p2p/warren/metainfo/piecespace"
)

// How much a record says at most.
const (
	MaxTitle       = 200 // characters
	MaxDescription = 10_000
	MaxTags        = 32
	MaxTag         = 40
	MaxLicenceID   = 64
	MaxLicence     = 100_000 // the GPL has 35,000
	MaxProvenance  = 1000    // each of its texts
	MaxFiles       = 1_000_000
	// MaxBytes is how long a signed record is at most: a hundred thousand files with
	// long names.
	MaxBytes = 64 << 20
)

// Check reports what cannot be said in a record, as a [*FieldError]. It does not ask
// whether there are hashes and files.
func (r *Record) Check() error {
	texts := []struct {
		field, text string
		most        int
		lines       bool
	}{
		{"title", r.Title, MaxTitle, false},
		{"description", r.Description, MaxDescription, true},
		{"licence.id", r.Licence.ID, MaxLicenceID, false},
		{"licence.text", r.Licence.Text, MaxLicence, true},
		{"provenance.author", r.Provenance.Author, MaxProvenance, false},
		{"provenance.source", r.Provenance.Source, MaxProvenance, false},
		{"provenance.derived", r.Provenance.Derived, MaxProvenance, false},
	}
	for _, t := range texts {
		if err := checkText(t.field, t.text, t.most, t.lines); err != nil {
			return err
		}
	}
	switch {
	case r.Title == "":
		return &FieldError{"title", "a share needs one"}
	case len(r.Tags) > MaxTags:
		return &FieldError{"tags", "there are more than " + strconv.Itoa(MaxTags)}
	case r.Sequence < 1:
		return &FieldError{"sequence", "it is at least 1"}
	}
	seen := map[string]bool{}
	for _, tag := range r.Tags {
		if err := checkText("tags", tag, MaxTag, false); err != nil {
			return err
		}
		if tag == "" || seen[tag] {
			return &FieldError{"tags", "one is empty, or there twice"}
		}
		seen[tag] = true
	}
	if err := checkSource(r.Provenance.Source); err != nil {
		return err
	}
	return r.checkTimes()
}

// checkText refuses what is too long, and what would not look like what it is: control
// characters, and those that turn the direction of writing.
func checkText(field, text string, most int, lines bool) error {
	if !utf8.ValidString(text) {
		return &FieldError{field, "it is not UTF-8"}
	}
	if n := utf8.RuneCountInString(text); n > most {
		return &FieldError{field, "it has " + strconv.Itoa(n) + " characters, the most is " + strconv.Itoa(most)}
	}
	for _, r := range text {
		if lines && (r == '\n' || r == '\t') {
			continue
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
			return &FieldError{field, "it has a character that does not print (" + strconv.QuoteRuneToASCII(r) + ")"}
		}
	}
	if text != strings.TrimSpace(text) {
		return &FieldError{field, "it begins or ends with a space"}
	}
	return nil
}

// checkSource takes no address that a browser would run.
func checkSource(source string) error {
	if source == "" {
		return nil
	}
	u, err := url.Parse(source)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return &FieldError{"provenance.source", "it is no address that begins with https:// or http://"}
	}
	return nil
}

// latest is the last moment that is written down, the end of the year 9999.
const latest = 253402300799

func (r *Record) checkTimes() error {
	for field, t := range map[string]time.Time{"created": r.Created, "expires": r.Expires, "provenance.created": r.Provenance.Created} {
		if !t.IsZero() && (t.Unix() < 1 || t.Unix() > latest || t.Nanosecond() != 0) {
			return &FieldError{field, "it is not a whole second between 1970 and 9999"}
		}
	}
	if r.Created.IsZero() {
		return &FieldError{"created", "a share needs one"}
	}
	return nil
}

// checkContent asks what Check leaves out.
func (r *Record) checkContent() error {
	switch {
	case !r.Hashes.HasV2:
		return &FieldError{"v2", "a share has an info-hash of version 2"}
	case len(r.Files) == 0 || len(r.Files) > MaxFiles:
		return &FieldError{"files", "there are none, or too many"}
	}
	var size int64
	for _, f := range r.Files {
		if f.Size < 0 || f.Size > piecespace.MaxLength-size {
			return &FieldError{"files", "their sizes cannot be"}
		}
		size += f.Size
		if f.Root.IsZero() != (f.Size == 0) {
			return &FieldError{"files", "one has no pieces root, or is empty and has one"}
		}
		if err := piecespace.CheckName(f.Path); err != nil {
			return &FieldError{"files", err.Error()}
		}
	}
	if size != r.Size {
		return &FieldError{"size", "it is not that of the files"}
	}
	return nil
}
