package hook

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/library"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		hook Hook
		says string
	}{
		{Hook{Program: "/bin/true"}, ""},
		{Hook{Program: "/bin/true", Args: []string{"{name}", "--at={dir}/{name}", ""}, On: []Kind{Added, Completed, Failed, Removed}}, ""},
		{Hook{URL: "http://127.0.0.1:8080/hook"}, ""},
		{Hook{}, "one of the two"},
		{Hook{Program: "/bin/true", URL: "http://x/"}, "one of the two"},
		{Hook{Program: "true"}, "full path"},
		{Hook{Program: "./true"}, "full path"},
		{Hook{Program: "/bin/sh\x00"}, "full path"},
		{Hook{Program: "/bin/true", Args: []string{"{nome}"}}, "stands for nothing"},
		{Hook{Program: "/bin/true", Args: []string{"{name"}}, "stands for nothing"},
		{Hook{Program: "/bin/true", Args: []string{"{}"}}, "stands for nothing"},
		{Hook{Program: "/bin/true", Args: make([]string, maxArgs+1)}, "too many"},
		{Hook{Program: "/bin/true", Timeout: -1}, "timeout"},
		{Hook{Program: "/bin/true", Timeout: 48 * time.Hour}, "timeout"},
		{Hook{Program: "/bin/true", On: []Kind{"exploded"}}, "never happens"},
		{Hook{URL: "file:///etc/passwd"}, "not a URL"},
	} {
		err := c.hook.Check()
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v", c.hook, err)
		}
	}
}

var hostile = Event{
	Kind: Completed, ID: 7, Name: "a b; rm -rf ~ $(id) `id` {dir} \n\"'\x00end", V2: strings.Repeat("ab", 32),
	Dir: "/srv/files", Path: "/srv/files/x", Size: 5, Category: "films", Labels: []string{"a", "b"},
}

func TestArguments(t *testing.T) {
	h := Hook{Program: "/bin/true", Args: []string{"{name}", "-{hash}-", "{size}/{id}", "{labels}", "{problem}", "plain $HOME"}}
	got, err := h.arguments(hostile)
	want := []string{"a b; rm -rf ~ $(id) `id` {dir} \n\"'end", "-" + hostile.V2 + "-", "5/7", "a,b", "", "plain $HOME"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestEnvironment(t *testing.T) {
	got := environment([]string{"PATH=/bin", "WARREN_TOKEN=secret", "SSH_AUTH_SOCK=/x", "LD_PRELOAD=/x", "HOME=/srv"}, hostile)
	want := []string{
		"HOME=/srv", "PATH=/bin", "WARREN_CATEGORY=films", "WARREN_DIR=/srv/files", "WARREN_EVENT=completed", "WARREN_HASH=" + hostile.V2,
		"WARREN_HASH_V1=", "WARREN_HASH_V2=" + hostile.V2, "WARREN_ID=7", "WARREN_LABELS=a,b",
		"WARREN_NAME=a b; rm -rf ~ $(id) `id` {dir} \n\"'end", "WARREN_PATH=/srv/files/x", "WARREN_PROBLEM=", "WARREN_SIZE=5",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestSimple(t *testing.T) {
	list := Simple([]string{"/bin/true", "{name}"}, nil, []string{"/bin/false"}, "http://127.0.0.1/")
	var got []string
	for _, h := range list {
		if err := h.Check(); err != nil {
			t.Error(err)
		}
		got = append(got, h.Name+" "+h.Program+h.URL)
		if h.wants(Completed) != (h.Name != "failed") || h.wants(Removed) != (h.Name == "url") {
			t.Errorf("%s is told of the wrong things", h.Name)
		}
	}
	if strings.Join(got, ", ") != "complete /bin/true, failed /bin/false, url http://127.0.0.1/" {
		t.Error(got)
	}
}

func TestOf(t *testing.T) {
	e := library.Event{Kind: library.Failed}
	e.View.Name, e.View.Dir, e.View.ID, e.View.Hashes.HasV2 = "film", "/srv", 3, true
	e.View.Status.Reason, e.View.Size = errors.New("no room"), 1
	got := Of(e, time.Unix(5, 0))
	if got.Kind != Failed || got.Path != "/srv/film" || got.ID != 3 || got.V1 != "" || got.V2 == "" || got.Problem != "no room" || got.At.Unix() != 5 {
		t.Errorf("%+v", got)
	}
	for _, name := range []string{"../../etc", "/etc", "..", ".", `..\etc`, "a/b"} {
		if e.View.Name = name; Of(e, time.Time{}).Path != "" {
			t.Errorf("%q leads to %s", name, Of(e, time.Time{}).Path)
		}
	}
	if e.View.Name, e.View.Size = "film", 0; Of(e, time.Time{}).Path != "" {
		t.Error("of a link it is known where its content is")
	}
	if e.Kind = library.Completed; Of(e, time.Time{}).Problem != "" {
		t.Error("what is complete has a problem")
	}
}

func TestRoot(t *testing.T) {
	for want, paths := range map[string][]string{"film": {"film/a", "film/b/c"}, "a.mkv": {"a.mkv"}, "": {"a", "b"}} {
		if got := root(paths); got != want {
			t.Errorf("%q: %q", paths, got)
		}
	}
	if got := root([]string{"film/a", "films/b"}); got != "" {
		t.Error(got)
	}
}
