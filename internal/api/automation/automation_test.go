package automation_test

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/apitest"
	"github.com/warren-p2p/warren/internal/api/automation"
	"github.com/warren-p2p/warren/internal/hook"
	"github.com/warren-p2p/warren/internal/vfs"
)

type body = map[string]any

func TestWatch(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	const at = "/api/v1/watch-folders"
	var list, first automation.WatchList
	w.Must(t, 200, "PUT", at, automation.WatchFolder{Path: "/in", Category: "tv", Labels: []string{"a", "b"}, Dir: "/films", Paused: new(true), Then: "delete"}, &first)
	w.Must(t, 200, "PUT", at, automation.WatchFolder{Path: "/in/other"}, nil)
	w.Must(t, 200, "PUT", at, automation.WatchFolder{Path: "/in/", Category: "tv", Paused: new(false), Then: "move", To: "/done"}, &list)
	if len(list.Folders) != 2 || list.Folders[0].Folder.Then != "move" || list.Folders[0].Folder.To != "/done" || list.Folders[0].Folder.Labels != nil || *list.Folders[0].Folder.Paused {
		t.Errorf("changed %+v", list)
	}
	if kept := w.Automation.Node.Settings().Paths.Watch; len(kept) != 2 || kept[0] != "/in/ | category=tv | started | then=move | to=/done" || kept[1] != "/in/other" {
		t.Errorf("kept %q", kept)
	}
	if err := vfs.WriteFileAtomic(w.Folder("/in"), "one.magnet", []byte(apitest.Link(1)), 0o600); err != nil {
		t.Fatal(err)
	}
	list = apitest.Until(t, w, at, func(l automation.WatchList) bool { return len(l.Results) > 0 })
	if r := list.Results[0]; r.File != "/in/one.magnet" && r.File != "/in//one.magnet" || r.Torrent != 1 || r.Problem != "" || r.At.IsZero() {
		t.Errorf("result %+v", r)
	}
	for _, bad := range []body{
		{"path": "in"}, {"path": "/x", "dir": "y"}, {"path": "/x", "category": "a|b"}, {"path": "/x", "labels": []string{"a,b"}}, {"path": "/x", "category": "a "},
		{"path": "/x", "then": "move"}, {"path": "/x", "then": "burn"}, {"path": " "}, {"path": "/x | then=delete"},
	} {
		w.Must(t, 422, "PUT", at, bad, nil)
	}
	w.Must(t, 204, "DELETE", at+"?path=/in/other/", nil, nil)
	w.Must(t, 404, "DELETE", at+"?path=/in/other", nil, nil)
	w.Must(t, 422, "DELETE", at, nil, nil)
	w.Must(t, 200, "GET", at, nil, &list)
	if len(list.Folders) != 1 {
		t.Errorf("left %+v", list)
	}
}

func TestBlockLists(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	const at = "/api/v1/block-lists"
	file := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(file, []byte("192.0.2.0/24\n198.51.100.7\nnonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var all automation.BlockLists
	w.Must(t, 201, "POST", at, automation.NewBlockList{Location: file}, &all)
	if len(all.Lists) != 1 || all.Lists[0].Ranges != 2 || all.Lists[0].Skipped != 1 || all.Lists[0].Loaded.IsZero() || all.Lists[0].Problem != "" {
		t.Errorf("%+v", all)
	}
	w.Must(t, 409, "POST", at, automation.NewBlockList{Location: file}, nil)
	const secret = "http://list.example/?key=secret"
	w.Must(t, 201, "POST", at, automation.NewBlockList{Location: secret}, nil)
	apitest.Until(t, w, at, func(l automation.BlockLists) bool { return l.Lists[1].Problem != "" })
	for scope, want := range map[access.Scope]bool{access.Read: false, access.Settings: true} {
		rec := w.As(access.Principal{Name: "x", Scopes: []access.Scope{scope}}, "GET", at, nil)
		settings := w.As(access.Principal{Name: "x", Scopes: []access.Scope{scope}}, "GET", "/api/v1/settings", nil)
		if bytes.Contains(settings.Body.Bytes(), []byte("secret")) != want || !strings.Contains(settings.Body.String(), "list.example") {
			t.Errorf("settings as %s: %s", scope, settings.Body)
		}
		if bytes.Contains(rec.Body.Bytes(), []byte("secret")) != want || !strings.Contains(rec.Body.String(), "list.example") {
			t.Errorf("as %s: %s", scope, rec.Body)
		}
	}
	if err := os.WriteFile(file, []byte("192.0.2.0/24\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.Must(t, 204, "POST", at+"/refresh", nil, nil)
	apitest.Until(t, w, at, func(l automation.BlockLists) bool { return l.Lists[0].Ranges == 1 })
	for _, bad := range []string{"list", "file:///etc/passwd", "ftp://list.example/"} {
		w.Must(t, 422, "POST", at, automation.NewBlockList{Location: bad}, nil)
	}
	w.Must(t, 204, "DELETE", at+"?location="+url.QueryEscape(secret), nil, nil)
	w.Must(t, 404, "DELETE", at+"?location="+url.QueryEscape(secret), nil, nil)
	if kept := w.Automation.Node.Settings().Peers.Block; len(kept) != 1 || kept[0] != file {
		t.Errorf("kept %q", kept)
	}
}

// Hooks are shown. There is no way to set them, by whomever.
func TestHooks(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	const at = "/api/v1/hooks"
	w.Automation.Hooks.Emit(hook.Event{Kind: hook.Completed, Name: "film"})
	list := apitest.Until(t, w, at, func(l automation.HookList) bool { return len(l.Results) > 0 })
	if len(list.Hooks) != 2 || list.Hooks[0].Program != "/bin/true" || list.Hooks[0].On[0] != "completed" || list.Hooks[1].Server != "hook.example" || list.Hooks[1].Timeout != 600 {
		t.Errorf("%+v", list)
	}
	if r := list.Results[0]; r.Torrent != "film" || r.Event != "completed" || r.At.IsZero() {
		t.Errorf("%+v", r)
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if code := w.Do(t, method, at, body{"name": "complete", "program": "/bin/sh"}, nil); code != 405 {
			t.Errorf("%s: %d", method, code)
		}
	}
	w.Must(t, 422, "PATCH", "/api/v1/settings", body{"hooks.complete": []string{"/bin/sh"}}, nil)
}

func TestSchedule(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	const at = "/api/v1/schedule"
	var s automation.Schedule
	w.Must(t, 200, "PATCH", "/api/v1/settings", body{"schedule.rules": []string{"daily 00:00-24:00 up 1MB"}, "limits.down": "2MB", "limits.alternative.up": "5kB"}, nil)
	w.Must(t, 200, "GET", at, nil, &s)
	if !s.On || len(s.Rules) != 1 || s.Limits != (automation.SpeedLimits{Up: 1e6, Down: 2e6}) || s.Usual != (automation.SpeedLimits{Down: 2e6}) || !s.Until.IsZero() || s.ByHand {
		t.Errorf("%+v", s)
	}
	w.Must(t, 200, "PUT", at+"/alternative", automation.Switch{On: true}, &s)
	if !s.IsOther || !s.ByHand || s.Limits != s.Alternative || s.Limits.Up != 5e3 {
		t.Errorf("by hand: %+v", s)
	}
	w.Must(t, 200, "PUT", at+"/alternative", automation.Switch{}, &s)
	if s.IsOther || s.ByHand {
		t.Errorf("not by hand: %+v", s)
	}
	w.Must(t, 422, "PATCH", "/api/v1/settings", body{"schedule.rules": []string{"some day"}}, nil)
}
