package webui_test

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/api/apitest"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo/create"
)

// sent is a file of a form.
type sent struct{ name, text string }

// form is what a browser sends of the form for torrents.
func form(t *testing.T, source string, files ...sent) (body *bytes.Buffer, kind string) {
	t.Helper()
	body = new(bytes.Buffer)
	w := multipart.NewWriter(body)
	err := w.WriteField("source", source)
	for _, f := range files {
		part, e := w.CreateFormFile("file", f.name)
		if err = e; err == nil {
			_, err = part.Write([]byte(f.text))
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return body, w.FormDataContentType()
}

// torrent is a torrent file.
func torrent(t *testing.T, name string) string {
	t.Helper()
	dir := memfs.New()
	if err := vfs.WriteFileAtomic(dir, name, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := create.Torrent(t.Context(), dir, name, create.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return string(m.Bytes())
}

// Files are added beside links, and what cannot be added is said, by its name.
func TestUpload(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	ui := open(t, w)
	one, two := torrent(t, "one"), torrent(t, "two")
	link := "magnet:?xt=urn:btih:" + strings.Repeat("b", 40) + "&dn=linked"
	for _, c := range []struct {
		source string
		files  []sent
		want   string
		total  int
	}{
		{"", []sent{{"one.torrent", one}}, `Added "one".`, 1},
		{"", []sent{{"one.torrent", one}}, `That did not work: "one" is there already`, 1},
		{link, []sent{{"two.torrent", two}, {"../../\u202egnp.exe", "MZ"}}, `Added "linked" and "two". That did not work: "`, 3},
		{"", []sent{{"empty.torrent", ""}}, `"empty.torrent" is not a torrent file: `, 3},
		{"", []sent{{"", ""}}, `That did not work: choose a torrent file, or paste a link`, 3},
		{"", nil, `choose a torrent file`, 3},
		{"magnet:?nothing", nil, `that is no magnet link of a torrent: `, 3},
		{"", []sent{{"big.torrent", strings.Repeat("x", 32<<20+1)}}, `"big.torrent" has 33.6 MB: torrent files have 33.6 MB at most`, 3},
	} {
		body, kind := form(t, c.source, c.files...)
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/plain/add", body)
		r.Header.Set("Content-Type", kind)
		rec := httptest.NewRecorder()
		ui.ServeHTTP(rec, r)
		at, err := url.Parse(rec.Header().Get("Location"))
		if err != nil || rec.Code != 303 {
			t.Fatalf("%d, %v", rec.Code, err)
		}
		said := at.Query().Get("said")
		if !strings.Contains(said, c.want) || len(w.Library.All()) != c.total {
			t.Errorf("%.60q with %d files: %q, and there are %d", c.source, len(c.files), said, len(w.Library.All()))
		}
		if strings.ContainsAny(said, "\u202e\n\x00") {
			t.Errorf("%q moves the cursor", said)
		}
		if r.MultipartForm != nil {
			_ = r.MultipartForm.RemoveAll() // as a server does
		}
	}
}
