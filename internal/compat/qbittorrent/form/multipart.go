package form

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
)

// readParts reads a form with files. Parts that have a file name are files,
// whatever they are called: programs call them torrents, fileselect or by number.
func (f *Form) readParts(body io.Reader, boundary string) error {
	if boundary == "" {
		return Bad()
	}
	m := multipart.NewReader(body, boundary)
	left := int64(MaxText)
	for {
		p, err := m.NextRawPart()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if p.FileName() != "" {
			err = f.readFile(p)
		} else {
			left, err = f.readField(p, left)
		}
		if err != nil {
			return err
		}
	}
}

func (f *Form) readFile(p *multipart.Part) error {
	if len(f.Files) == MaxFiles {
		return &Refusal{http.StatusRequestEntityTooLarge, "Request Entity Too Large"}
	}
	b, err := readUpTo(p, MaxFile)
	if err != nil {
		return err
	}
	f.Files = append(f.Files, File{p.FileName(), b})
	return nil
}

// readField reads a parameter, and returns how many bytes others may have.
func (f *Form) readField(p *multipart.Part, left int64) (int64, error) {
	b, err := readUpTo(p, left)
	if err != nil {
		return 0, err
	}
	name := p.FormName()
	f.values[name] = append(f.values[name], string(b))
	return left - int64(len(b)) - int64(len(name)), nil
}
