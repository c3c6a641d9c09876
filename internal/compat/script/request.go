package script

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/compat/shape"
)

// answer is what came back.
type answer struct {
	status int
	kind   string // the media type, without parameters
	body   []byte
}

func (w World) ask(ctx context.Context, s Step) (a answer, err error) {
	req, err := w.request(ctx, s)
	if err != nil {
		return a, err
	}
	resp, err := w.Do(req)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	a.status = resp.StatusCode
	if a.kind, _, err = mime.ParseMediaType(resp.Header.Get("Content-Type")); err != nil {
		a.kind = ""
	}
	a.body, err = io.ReadAll(resp.Body)
	return a, err
}

// data are names of members that are data wherever they stand: info-hashes, URLs,
// addresses with their port.
var data = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64}|.*:\d+|\w+://.*)$`)

// shape returns the shape of an answer, with all names that are data as one.
func (a answer) shape(s Step) (shape.Shape, error) {
	if a.kind != "application/json" {
		return shape.Shape{"": {Types: []string{"no JSON"}}}, nil
	}
	d := json.NewDecoder(bytes.NewReader(a.body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("answer %d %s: %w", a.status, a.body, err)
	}
	text, err := json.Marshal(fold(v, "", s.Dynamic))
	if err != nil {
		return nil, err
	}
	return shape.Of(text)
}

// fold puts the values of all members whose names are data into one list, of the
// name "*". Members of an object at one of the paths in dynamic all have such names.
func fold(v any, path string, dynamic []string) any {
	switch v := v.(type) {
	case []any:
		for i, e := range v {
			v[i] = fold(e, path+"[]", dynamic)
		}
	case map[string]any:
		all := slices.Contains(dynamic, cmp.Or(strings.TrimPrefix(path, "."), "."))
		list := []any{}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			is := all || data.MatchString(name)
			if is {
				list = append(list, fold(v[name], path+".*", dynamic))
				delete(v, name)
			} else {
				v[name] = fold(v[name], path+"."+name, dynamic)
			}
		}
		if all || len(list) > 0 {
			v["*"] = list
		}
	}
	return v
}

func (w World) request(ctx context.Context, s Step) (*http.Request, error) {
	form, multi := url.Values{}, false
	for _, f := range s.Fields {
		form.Add(f.Name, w.named(f.Value))
		multi = multi || f.File
	}
	to, content, kind := w.Base+s.Path, io.Reader(nil), ""
	switch {
	case s.Method == http.MethodGet:
		if len(form) > 0 {
			to += "?" + form.Encode()
		}
	case multi:
		b, boundary, err := w.multipart(s)
		if err != nil {
			return nil, err
		}
		content, kind = b, "multipart/form-data; boundary="+boundary
	default:
		content, kind = strings.NewReader(form.Encode()), "application/x-www-form-urlencoded"
	}
	req, err := http.NewRequestWithContext(ctx, s.Method, to, content)
	if err != nil {
		return nil, err
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	return req, nil
}

func (w World) multipart(s Step) (*bytes.Buffer, string, error) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, f := range s.Fields {
		if !f.File {
			if err := m.WriteField(f.Name, w.named(f.Value)); err != nil {
				return nil, "", err
			}
			continue
		}
		content, ok := w.Files[f.Value]
		if !ok {
			return nil, "", fmt.Errorf("no file %q", f.Value)
		}
		part, err := m.CreateFormFile(f.Name, f.Value)
		if err != nil {
			return nil, "", err
		}
		if _, err := part.Write(content); err != nil {
			return nil, "", err
		}
	}
	return &b, m.Boundary(), m.Close()
}
