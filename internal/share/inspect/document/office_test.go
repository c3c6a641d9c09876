package document

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// none looks into nothing.
type none struct{ Inside }

func (none) Is([]byte) bool { return false }

// What unpacks to more than anybody wants is not unpacked, neither one part of it nor all
// of them.
func TestBombs(t *testing.T) {
	const most = 1 << 17
	for name, c := range map[string]struct {
		parts, size int
		ok          bool
	}{"many parts": {11, most / 10, false}, "few": {5, most / 10, true}} {
		var packed bytes.Buffer
		z := zip.NewWriter(&packed)
		text := map[string]string{"[Content_Types].xml": "<Types/>"}
		for i := range c.parts {
			text[fmt.Sprintf("word/part%d.xml", i)] = `<w:ins w:author="Erika">` + strings.Repeat(" ", c.size)
		}
		for part, content := range text {
			w, err := z.Create(part)
			if err == nil {
				_, err = io.WriteString(w, content)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		r, size := bytes.NewReader(packed.Bytes()), int64(packed.Len())
		var l trace.List
		if err := LookOffice(&l, r, size, &Within{inside: none{}, most: most}); (err == nil) != c.ok || err != nil && !errors.Is(err, trace.ErrTooLarge) || len(l.Found()) != 1 {
			t.Errorf("%s: %v, %v", name, l.Found(), err)
		}
		if err := StripOffice(io.Discard, r, size, &Within{inside: none{}, most: most}); (err == nil) != c.ok || err != nil && !errors.Is(err, trace.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	z := []byte("PK")
	if err := LookOffice(new(trace.List), bytes.NewReader(z), int64(len(z)), NewWithin(none{})); !errors.Is(err, ErrMalformed) {
		t.Errorf("no archive: %v", err)
	}
}
