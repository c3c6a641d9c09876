package sharing_test

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/apitest"
	"github.com/warren-p2p/warren/internal/api/sharing"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/vfs"
)

const drafts = "/api/v1/shares/drafts"

// until asks for a draft until it is in a state.
func until(t *testing.T, w *apitest.World, id, state string) sharing.Draft {
	t.Helper()
	return apitest.Until(t, w, drafts+"/"+id, func(d sharing.Draft) bool {
		if d.State == "failed" && state != d.State {
			t.Fatalf("failed: %s", d.Error)
		}
		return d.State == state
	})
}

// makeShare makes a share of the folder with the birds.
func makeShare(t *testing.T, w *apitest.World, n sharing.NewShare) (s sharing.Share) {
	t.Helper()
	var d sharing.Draft
	w.Must(t, 201, "POST", drafts, sharing.NewDraft{Path: "/disk/birds"}, &d)
	until(t, w, d.ID, "ready")
	w.Must(t, 200, "POST", drafts+"/"+d.ID+"/share", n, &d)
	d = until(t, w, d.ID, "done")
	w.Must(t, 200, "GET", "/api/v1/shares/"+d.Share, nil, &s)
	return s
}

func TestDraft(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	if err := vfs.WriteFileAtomic(w.Folder(apitest.Disk), "disk/birds/erika <b>.bak", []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	var d sharing.Draft
	w.Must(t, 201, "POST", drafts, sharing.NewDraft{Path: "/disk/birds"}, &d)
	d = until(t, w, d.ID, "ready")
	if d.Name != "birds" || d.Files != 2 || d.Size != 6 || d.Found != 0 || len(d.Cautions) != 1 || d.Cautions[0].Kind != "name" || d.Cautions[0].File != "birds/erika <b>.bak" {
		t.Errorf("looked: %+v", d)
	}
	at := drafts + "/" + d.ID
	for _, c := range []struct {
		status int
		body   any
		where  string
	}{
		{422, sharing.NewShare{Title: "Birds"}, "body.confirmed"},
		{422, sharing.NewShare{Confirmed: true}, "body.title"},
		{422, sharing.NewShare{Confirmed: true, Title: "Birds", Publish: true}, "body.licence"},
		{422, sharing.NewShare{Confirmed: true, Title: "Birds", Identity: "nobody"}, "body.identity"},
		{422, sharing.NewShare{Confirmed: true, Title: "Birds", Expires: "soon"}, "body.expires"},
		{422, sharing.NewShare{Confirmed: true, Title: "Birds", Provenance: sharing.Provenance{Created: "once"}}, "body.provenance.created"},
		{422, sharing.NewShare{Confirmed: true, Title: "Birds", Provenance: sharing.Provenance{Source: "javascript:x"}}, "body.provenance.source"},
	} {
		var p struct{ Errors []struct{ Location string } }
		w.Must(t, c.status, "POST", at+"/share", c.body, &p)
		if len(p.Errors) != 1 || p.Errors[0].Location != c.where {
			t.Errorf("%+v: %+v", c.body, p)
		}
	}
	w.Must(t, 404, "POST", drafts+"/nothing/share", sharing.NewShare{Confirmed: true, Title: "Birds"}, nil)
	for path, status := range map[string]int{"birds": 422, "/state": 409, "/": 409, "/disk/none": 409} {
		w.Must(t, status, "POST", drafts, sharing.NewDraft{Path: path}, nil)
	}
	w.Must(t, 204, "DELETE", at, nil, nil)
	w.Must(t, 404, "GET", at, nil, nil)
	w.Must(t, 404, "DELETE", at, nil, nil)
	if w.Seeds.Len() > 0 {
		t.Error("something is shared")
	}
}

func TestShare(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	s := makeShare(t, w, sharing.NewShare{
		Title: "Birds", Description: "at dawn", Tags: []string{"sound"}, Confirmed: true, Uses: 3, Passphrase: "nest", Direct: true,
		Provenance: sharing.Provenance{Author: "A.", Created: "2024-05-01"}, Expires: time.Now().Add(time.Hour).Format(time.RFC3339),
	})
	l, err := link.Parse(s.Link)
	if err != nil || l.Kind != link.Private || s.Page != l.Page() || !strings.HasPrefix(s.Link, s.Page+"#s=") {
		t.Errorf("link %s, page %s: %v", s.Link, s.Page, err)
	}
	if s.Title != "Birds" || s.Files != 1 || s.Size != 5 || s.UsesLeft != 3 || !s.Passphrase || !s.Direct || s.DirectLimit != 100<<20 || s.State != "active" || !s.Reachable ||
		s.Provenance.Created != "2024-05-01T00:00:00Z" || s.Expires == nil || s.Identity != "me" || s.PublicLink != "" || s.Sequence != 1 || len(s.Key) != 64 {
		t.Errorf("made %+v", s)
	}
	at := "/api/v1/shares/" + s.ID
	w.Must(t, 409, "GET", at+"/qr/public", nil, nil)
	var p struct{ Errors []struct{ Location string } }
	w.Must(t, 422, "POST", at+"/publish", sharing.Publication{}, &p)
	if len(p.Errors) != 1 || p.Errors[0].Location != "body.confirmed" {
		t.Errorf("not confirmed: %+v", p)
	}
	w.Must(t, 422, "POST", at+"/publish", sharing.Publication{Confirmed: true}, &p)
	title, never, none, any := "Songs", "", "", 0
	s = sharing.Share{} // what is absent in the next answer stays as it was
	w.Must(t, 200, "PATCH", at, sharing.SharePatch{Title: &title, Licence: &sharing.Licence{ID: "CC0-1.0"}, Expires: &never, Passphrase: &none, Uses: &any}, &s)
	if s.Title != title || s.Expires != nil || s.Passphrase || s.UsesLeft != -1 || s.Sequence != 2 || s.Description != "at dawn" {
		t.Errorf("changed to %+v", s)
	}
	w.Must(t, 200, "POST", at+"/publish", sharing.Publication{Confirmed: true}, &s)
	var public sharing.PublicShares
	w.Must(t, 200, "GET", "/api/v1/shares/public", nil, &public)
	l, err = link.Parse(public.Link)
	if err != nil || l.Kind != link.Public || len(public.Shares) != 1 || !strings.HasPrefix(s.PublicLink, l.Page()+"/"+s.ID) || w.Seeds.Len() != 2 {
		t.Errorf("published: %+v, %v", public, err)
	}
	for _, which := range []string{"private", "public"} {
		rec := w.As(access.Owner(access.ByKey), "GET", at+"/qr/"+which, nil)
		d := xml.NewDecoder(rec.Body)
		for err = nil; err == nil; _, err = d.Token() {
		}
		if rec.Code != 200 || rec.Header().Get("Content-Type") != "image/svg+xml" || err != io.EOF {
			t.Errorf("%s: %d, %s, %v", which, rec.Code, rec.Header(), err)
		}
	}
	w.Must(t, 200, "POST", at+"/unpublish", nil, &s)
	w.Must(t, 409, "POST", at+"/unpublish", nil, nil)
	public = sharing.PublicShares{}
	w.Must(t, 200, "GET", "/api/v1/shares/public", nil, &public)
	if public.Link != "" || len(public.Shares) > 0 {
		t.Errorf("taken back: %+v", public)
	}
	w.Must(t, 204, "DELETE", at, nil, nil)
	w.Must(t, 200, "GET", at, nil, &s)
	if s.State != "revoked" || w.Seeds.Len() > 0 {
		t.Errorf("revoked: %+v", s)
	}
	w.Must(t, 409, "PATCH", at, sharing.SharePatch{Title: &title}, nil)
	w.Must(t, 409, "GET", at+"/qr/private", nil, nil)
	w.Must(t, 204, "DELETE", at, nil, nil)
	w.Must(t, 404, "GET", at, nil, nil)
	w.Must(t, 404, "DELETE", "/api/v1/shares/x", nil, nil)
}

// What is shared opens everything that was shared: a program needs the widest scope for
// it, and what links hold is in no log.
func TestSecret(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	s := makeShare(t, w, sharing.NewShare{Title: "Birds", Confirmed: true})
	other := access.Principal{Name: "program", Way: access.ByToken, Token: 1, Scopes: []access.Scope{access.Read, access.Add, access.Control, access.Settings}}
	for _, path := range []string{"/folder", "/shares", "/shares/public", "/shares/" + s.ID, "/shares/" + s.ID + "/qr/private", "/shares/drafts/x"} {
		if rec := w.As(other, "GET", "/api/v1"+path, nil); rec.Code != 403 {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
	for _, path := range []string{"/shares/drafts", "/shares/drafts/x/share", "/shares/" + s.ID + "/publish"} {
		if rec := w.As(other, "POST", "/api/v1"+path, strings.NewReader("{}")); rec.Code != 403 {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
	l, err := link.Parse(s.Link)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{l.Token.Text(), base64.RawURLEncoding.EncodeToString(l.Secret[:])} {
		if strings.Contains(w.Log.String(), secret) {
			t.Error("the log has what is in a link")
		}
	}
}

func TestFolder(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	disk := w.Folder(apitest.Disk)
	for _, name := range []string{"disk/b.txt", "disk/.hidden", "disk/A.txt"} {
		if err := vfs.WriteFileAtomic(disk, name, []byte("text"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"disk/led": "birds", "disk/nowhere": "none"} {
		if err := disk.Symlink(to, link); err != nil {
			t.Fatal(err)
		}
	}
	names := func(f sharing.Folder) string {
		var list []string
		for _, e := range f.Entries {
			name := e.Name
			if e.Folder {
				name += "/"
			}
			list = append(list, name)
		}
		return strings.Join(list, " ")
	}
	for query, want := range map[string]string{
		"": "birds/ led/ A.txt b.txt", "?path=/disk&hidden=true": "birds/ led/ .hidden A.txt b.txt", "?path=/disk/birds": "song", "?path=/": "disk/",
	} {
		var f sharing.Folder
		w.Must(t, 200, "GET", "/api/v1/folder"+query, nil, &f)
		if got := names(f); got != want || f.Truncated || (f.Parent == "") != (f.Path == "/") {
			t.Errorf("%s: %q, %+v", query, got, f)
		}
	}
	w.Must(t, 409, "GET", "/api/v1/folder?path=/disk/none", nil, nil)
	w.Must(t, 422, "GET", "/api/v1/folder?path=/disk/b.txt", nil, nil)
	w.Must(t, 422, "GET", "/api/v1/folder?path=disk", nil, nil)
}

// Lists are there, empty or not: programs walk through them without asking.
func TestLists(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	for path, field := range map[string]string{"/api/v1/shares": "shares", "/api/v1/shares/public": "shares"} {
		var got map[string]json.RawMessage
		w.Must(t, 200, "GET", path, nil, &got)
		if string(got[field]) != "[]" {
			t.Errorf("%s: %s", path, got[field])
		}
	}
	s := makeShare(t, w, sharing.NewShare{Title: "Birds", Confirmed: true})
	if s.Tags == nil {
		t.Error("no list of tags")
	}
}
