package form

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
)

const urlencoded = "application/x-www-form-urlencoded"

func read(t *testing.T, kind, query string, body io.Reader) (*Form, error) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/x?"+query, body)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	f, err := Read(httptest.NewRecorder(), r)
	if err != nil {
		if _, ok := errors.AsType[*Refusal](err); !ok {
			t.Fatalf("%v is no refusal", err)
		}
	}
	return f, err
}

// upload returns a form with files and its type.
func upload(fields, files map[string]string) (string, *bytes.Buffer) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range fields {
		_ = w.WriteField(name, value)
	}
	for name, content := range files {
		p, _ := w.CreateFormFile("torrents", name)
		_, _ = io.WriteString(p, content)
	}
	_ = w.Close()
	return w.FormDataContentType(), &b
}

func TestValues(t *testing.T) {
	f, err := read(t, urlencoded, "a=query&q=1", strings.NewReader("a=form&yes=True&no=0&odd=maybe&n=12&f=1.5&nan=NaN&l=x|+y|x||z&h=ABC|all"))
	if err != nil {
		t.Fatal(err)
	}
	if f.Text("a") != "form" || f.Text("q") != "1" || f.Has("none") || !f.Has("odd") {
		t.Errorf("read as %v", f.values)
	}
	if !f.Bool("yes") || f.Bool("no") || f.Bool("odd") || f.Bool("none") {
		t.Error("what is true and what is not")
	}
	if f.Int("n", 3) != 12 || f.Int("odd", 3) != 3 || f.Float("f", 3) != 1.5 || f.Float("nan", 3) != 3 {
		t.Error("numbers")
	}
	if got := f.List("l", "|"); !reflect.DeepEqual(got, []string{"x", "y", "z"}) {
		t.Errorf("list %q", got)
	}
	if h, err := f.Hashes("h"); err != nil || !h.All || h.Keys[0] != "abc" {
		t.Errorf("hashes %+v, %v", h, err)
	}
	if _, err := f.Hashes("none"); err == nil {
		t.Error("hashes that were not sent")
	}
	if f.Need("a", "q") != nil || f.Need("a", "none") == nil {
		t.Error("what is needed")
	}
}

func TestAdd(t *testing.T) {
	paused, running := true, false
	for _, c := range []struct {
		name   string
		fields map[string]string
		want   Add
	}{
		{"nothing", nil, Add{Layout: Original, Limits: Limits{Global, Global, Global}}},
		{"as Sonarr does", map[string]string{"category": "tv", "paused": "False", "ratioLimit": "1.5", "seedingTimeLimit": "90"},
			Add{Category: "tv", Paused: &running, Layout: Original, Limits: Limits{1.5, 90, Global}}},
		{"as autobrr does", map[string]string{"paused": "true", "stopped": "true", "skip_checking": "true", "root_folder": "false", "contentLayout": "NoSubfolder", "savepath": "/x", "autoTMM": "false", "tags": "a, b,", "upLimit": "1024", "dlLimit": "-5", "rename": " name ", "firstLastPiecePrio": "false", "sequentialDownload": "true"},
			Add{SavePath: "/x", Tags: []string{"a", "b"}, Paused: &paused, Layout: NoSubfolder, Sequential: true, UpLimit: 1024, Name: "name", Limits: Limits{Global, Global, Global}}},
		{"what two say differently", map[string]string{"paused": "true", "stopped": "false"}, Add{Paused: &running, Layout: Original, Limits: Limits{Global, Global, Global}}},
		{"an old program", map[string]string{"root_folder": "true"}, Add{Layout: Subfolder, Limits: Limits{Global, Global, Global}}},
		{"limits that are none", map[string]string{"ratioLimit": "-7", "seedingTimeLimit": "x", "inactiveSeedingTimeLimit": "99999999999999", "upLimit": "9x"},
			Add{Layout: Original, Limits: Limits{-1, Global, 1<<31 - 1}}},
		{"links", map[string]string{"urls": "magnet:?a\r\n\nhttp://b \n"}, Add{URLs: []string{"magnet:?a", "http://b"}, Layout: Original, Limits: Limits{Global, Global, Global}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			kind, body := upload(c.fields, map[string]string{"../a.torrent": "content"})
			f, err := read(t, kind, "", body)
			if err != nil {
				t.Fatal(err)
			}
			got := f.Add()
			if len(got.Files) != 1 || string(got.Files[0].Content) != "content" || got.Files[0].Name != "a.torrent" {
				t.Errorf("files %q", got.Files)
			}
			got.Files = nil
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

// endless is a body without end.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	e.read += int64(len(p))
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func TestRefused(t *testing.T) {
	many := &bytes.Buffer{}
	w := multipart.NewWriter(many)
	for range MaxFiles + 1 {
		_, _ = w.CreateFormFile("torrents", "a")
	}
	_ = w.Close()
	large := func(head string) io.Reader {
		return io.MultiReader(strings.NewReader("--b\r\n"+head+"\r\n\r\n"), &endless{})
	}
	for _, c := range []struct {
		name, kind string
		body       io.Reader
		status     int
	}{
		{"a form that never ends", urlencoded, &endless{}, 413},
		{"a field that never ends", "multipart/form-data; boundary=b", large(`Content-Disposition: form-data; name="x"`), 413},
		{"a file that never ends", "multipart/form-data; boundary=b", large(`Content-Disposition: form-data; name="x"; filename="f"`), 413},
		{"a head that never ends", "multipart/form-data; boundary=b", large("X: "), 413},
		{"too many files", w.FormDataContentType(), many, 413},
		{"no boundary", "multipart/form-data", strings.NewReader("x"), 400},
		{"cut off", "multipart/form-data; boundary=b", strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\nabc"), 400},
		{"bad escapes", urlencoded, strings.NewReader("a=%zz"), 400},
		{"JSON", "application/json", strings.NewReader("{}"), 400},
		{"a bad type", "multipart/; boundary", strings.NewReader(""), 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(t, c.kind, "", c.body)
			if r, ok := errors.AsType[*Refusal](err); !ok || r.Status != c.status {
				t.Errorf("%v, want %d", err, c.status)
			}
			if e, ok := c.body.(*endless); ok && e.read > MaxBody+1<<20 {
				t.Errorf("%d bytes were read", e.read)
			}
		})
	}
	if _, err := read(t, "", "a=%zz", strings.NewReader("")); err == nil {
		t.Error("a bad query was read")
	}
}

func FuzzRead(f *testing.F) {
	kind, body := upload(map[string]string{"category": "tv", "ratioLimit": "1.5", "hashes": "a|b"}, map[string]string{"x.torrent": "d4:infode"})
	f.Add(kind, "a=b", body.Bytes())
	f.Add(urlencoded, "hashes=all", []byte("urls=magnet%3A%0Ax&paused=true&contentLayout=Subfolder"))
	f.Add("", "%", []byte("%"))
	f.Fuzz(func(t *testing.T, kind, query string, body []byte) {
		r := httptest.NewRequest(http.MethodPost, "/x", bytes.NewReader(body))
		r.URL.RawQuery = query
		r.Header.Set("Content-Type", kind)
		got, err := Read(httptest.NewRecorder(), r)
		if err != nil {
			return
		}
		a := got.Add()
		if a.UpLimit < 0 || a.DownLimit < 0 || a.Limits.Ratio < Global || a.Limits.SeedTime < Global || a.Limits.IdleTime < Global {
			t.Errorf("limits %+v", a)
		}
		if _, err := got.Hashes("hashes"); err == nil != got.Has("hashes") {
			t.Errorf("hashes: %v", err)
		}
		for _, tag := range a.Tags {
			if tag != strings.TrimSpace(tag) || tag == "" {
				t.Errorf("tag %q", tag)
			}
		}
		_ = fmt.Sprint(a.Paused, a.Layout)
	})
}
