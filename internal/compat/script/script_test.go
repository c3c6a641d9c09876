package script

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/compat/shape"
)

// serve answers with what it was asked.
func serve(asked *[]string) func(*http.Request) (*http.Response, error) {
	n := 0
	return func(r *http.Request) (*http.Response, error) {
		_ = r.ParseMultipartForm(1 << 20)
		line := r.Method + " " + r.URL.RequestURI() + " " + r.PostForm.Encode()
		if r.MultipartForm != nil {
			for name, files := range r.MultipartForm.File {
				f, _ := files[0].Open()
				b, _ := io.ReadAll(f)
				line += " " + name + "=" + files[0].Filename + ":" + string(b)
			}
		}
		*asked = append(*asked, strings.TrimSpace(line))
		w := httptest.NewRecorder()
		switch {
		case r.URL.Path == "/text":
			w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
			w.WriteHeader(http.StatusConflict)
		default:
			w.Header().Set("Content-Type", "application/json")
			n++
			answer := `{"state":"moving","x":{}}`
			if n > 2 {
				answer = `{"state":"done","x":{"a":{"n":1},"b":{}},"127.0.0.1:1":[]}`
			}
			_, _ = io.WriteString(w, answer)
		}
		return w.Result(), nil
	}
}

const lines = `
# What is said to people.
do begin
POST text a=1 b={name}%2F
POST json @torrents=f a=b
until "state":"{what}" GET json q=%20
GET json * x
`

func TestPlay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		steps, err := Read(lines)
		if err != nil {
			t.Fatal(err)
		}
		var asked []string
		w := World{
			Base: "http://x/", Do: serve(&asked), Names: map[string]string{"name": "n m", "what": "done"},
			Files: map[string][]byte{"f": []byte("content")}, Patience: time.Minute, Pause: time.Second,
			Acts: map[string]func(context.Context) error{"begin": func(context.Context) error {
				asked = append(asked, "begun")
				return nil
			}},
		}
		r, err := Play(t.Context(), w, steps)
		if err != nil {
			t.Fatal(err)
		}
		want := `begun
POST /text a=1&b=n+m%2F
POST /json a=b torrents=f:content
GET /json?q=+
GET /json?q=+
GET /json`
		if got := strings.Join(asked, "\n"); got != want {
			t.Errorf("asked:\n%s\nwant:\n%s", got, want)
		}
		want = `# GET json * x -> 200
. object
* array
*[] array
state string
x object
x.* array
x.*[] object
x.*[].n? integer

# POST json @torrents=f a=b -> 200
. object
state string
x object

# POST text a=1 b={name}%2F -> 409
. no JSON
`
		if got := string(r.Encode()); got != want {
			t.Errorf("recorded:\n%s\nwant:\n%s", got, want)
		}
		back, err := shape.Decode(r.Encode())
		if err != nil || len(back.Missing(r)) > 0 || len(r.Missing(back)) > 0 {
			t.Errorf("read back: %v, %v", back, err)
		}
	})
}

func TestPlayGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for line, says := range map[string]string{
			`do nothing`:               "nobody does that",
			`POST json @torrents=gone`: "no file",
			`until never GET json`:     "within 1m0s",
		} {
			steps, err := Read(line)
			if err != nil {
				t.Fatal(err)
			}
			var asked []string
			w := World{Base: "http://x/", Do: serve(&asked), Patience: time.Minute, Pause: time.Second}
			if _, err := Play(t.Context(), w, steps); err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("%s: %v, want %q", line, err, says)
			}
		}
	})
}

func TestBadScript(t *testing.T) {
	for _, line := range []string{"PUT x", "GET", "until", "GET x a=%", "do", "until %zz GET x"} {
		if _, err := Read(line); err == nil {
			t.Errorf("%q was read", line)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(lines)
	f.Add("until a GET b c=d * e f")
	f.Fuzz(func(t *testing.T, text string) {
		steps, err := Read(text)
		if err != nil {
			return
		}
		for _, s := range steps {
			if s.Do == "" && (s.Path == "" || s.Method == "") {
				t.Errorf("%q has no request", s.Line)
			}
		}
	})
}
