// Package form reads what programs send to the WebAPI of qBittorrent: parameters of
// a query, of a form, or of a form with files, and what these mean.
//
// All of it comes from outside. Sizes and numbers are bounded before anything is
// kept; a value that is not what it should be is told to whoever sent it where
// qBittorrent does so, and read as qBittorrent reads it elsewhere.
package form

import (
	"errors"
	"io"
	"math"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Bounds of what is read.
const (
	MaxBody  = 64 << 20 // bytes of a request
	MaxText  = 8 << 20  // bytes of all parameters together
	MaxFile  = 32 << 20 // bytes of a torrent file
	MaxFiles = 1000
	maxItems = 100_000 // of a list
)

// Refusal is an answer other than the one that was asked for.
type Refusal struct {
	Status int
	Text   string // what qBittorrent says then, as plain text
}

func (r *Refusal) Error() string { return r.Text }

// Bad returns the refusal of a request that lacks something.
func Bad() *Refusal { return &Refusal{http.StatusBadRequest, "Bad Request"} }

// Form is what a request carries.
type Form struct {
	values url.Values
	Files  []File
}

// File is a file that was sent.
type File struct {
	Name    string // as the sender calls it; not to be used as a path
	Content []byte
}

// Read reads a request to its end. The error is a *Refusal.
func Read(w http.ResponseWriter, r *http.Request) (*Form, error) {
	f := &Form{}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, Bad()
	}
	f.values = query
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return f, nil
	}
	body := http.MaxBytesReader(w, r.Body, MaxBody)
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case kind == "multipart/form-data" && err == nil:
		err = f.readParts(body, params["boundary"])
	case kind == "application/x-www-form-urlencoded", r.Header.Get("Content-Type") == "":
		err = f.readText(body)
	default:
		return nil, &Refusal{http.StatusBadRequest, "Bad Request"}
	}
	if err != nil {
		return nil, refused(err)
	}
	return f, nil
}

// refused returns what is answered when a body cannot be read.
func refused(err error) error {
	var large *http.MaxBytesError
	var r *Refusal
	switch {
	case errors.As(err, &r):
		return r
	case errors.As(err, &large):
		return &Refusal{http.StatusRequestEntityTooLarge, "Request Entity Too Large"}
	default:
		return Bad()
	}
}

func (f *Form) readText(body io.Reader) error {
	b, err := readUpTo(body, MaxText)
	if err != nil {
		return err
	}
	posted, err := url.ParseQuery(string(b))
	for name, values := range posted {
		f.values[name] = append(values, f.values[name]...) // the form counts before the query
	}
	return err
}

// readUpTo reads all of r, or refuses it.
func readUpTo(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		return nil, &Refusal{http.StatusRequestEntityTooLarge, "Request Entity Too Large"}
	}
	return b, err
}

// Has reports whether a parameter was sent, empty or not.
func (f *Form) Has(name string) bool { return f.values.Has(name) }

// Need refuses a request that lacks one of the parameters.
func (f *Form) Need(names ...string) error {
	for _, name := range names {
		if !f.Has(name) {
			return Bad()
		}
	}
	return nil
}

// Text returns a parameter; "" if it was not sent.
func (f *Form) Text(name string) string { return f.values.Get(name) }

// Bool returns whether a parameter is true; false for what is neither, as for one
// that was not sent.
func (f *Form) Bool(name string) bool {
	b, _ := f.Choice(name)
	return b
}

// Choice returns a parameter that is true or false; ok is not set if it is neither.
func (f *Form) Choice(name string) (value, ok bool) {
	switch strings.ToLower(f.Text(name)) {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}

// Int returns a whole number, or otherwise if it is none.
func (f *Form) Int(name string, otherwise int64) int64 {
	if n, err := strconv.ParseInt(f.Text(name), 10, 64); err == nil {
		return n
	}
	return otherwise
}

// Float returns a number, or otherwise if it is none.
func (f *Form) Float(name string, otherwise float64) float64 {
	n, err := strconv.ParseFloat(f.Text(name), 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return otherwise
	}
	return n
}

// List returns the parts of a parameter between separators, trimmed, without those
// that are empty or were there before.
func (f *Form) List(name, separator string) (list []string) {
	seen := make(map[string]bool)
	for part := range strings.SplitSeq(f.Text(name), separator) {
		if part = strings.TrimSpace(part); part != "" && !seen[part] && len(list) < maxItems {
			seen[part] = true
			list = append(list, part)
		}
	}
	return list
}

// Hashes says which torrents are meant.
type Hashes struct {
	All  bool
	Keys []string // info-hashes in hexadecimal, as they were sent but in lower case
}

// Hashes returns the parameter of that name, which must be there.
func (f *Form) Hashes(name string) (h Hashes, err error) {
	if err := f.Need(name); err != nil {
		return h, err
	}
	h.Keys = f.List(name, "|")
	for i, k := range h.Keys {
		h.Keys[i] = strings.ToLower(k)
	}
	h.All = slices.Contains(h.Keys, "all")
	return h, nil
}
