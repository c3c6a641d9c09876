package draft

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const folder = "../../../docs/beps"

// drafts are the files and what checks their vectors.
func drafts() map[string]func(*testing.T, *Vector) {
	return map[string]func(*testing.T, *Vector){
		"bittorrent-over-tls.rst": overTLS,
		"ssl-torrents.rst":        members,
		"tls-discovery.rst":       discovery,
	}
}

func load(t *testing.T, name string) *Draft {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return Parse(b)
}

func TestDrafts(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(folder, "*.rst"))
	if err != nil || len(files) != len(drafts()) {
		t.Errorf("%d files, %v; want %d", len(files), err, len(drafts()))
	}
	for name, check := range drafts() {
		t.Run(name, func(t *testing.T) {
			d := load(t, name)
			for _, broken := range Form(d) {
				t.Error(broken)
			}
			vectors, err := d.Vectors()
			if err != nil || len(vectors) == 0 {
				t.Fatalf("%d vectors, %v", len(vectors), err)
			}
			for _, v := range vectors {
				t.Run(v.Name, func(t *testing.T) {
					check(t, v)
					if left := v.Unused(); len(left) > 0 {
						t.Errorf("nothing checks %v", left)
					}
				})
			}
		})
	}
}

// python runs a program of Python. It skips the test if Python or a module of it is
// not there.
func python(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("python3", args...)
	var out, log bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = folder, &out, &log
	err := cmd.Run()
	if errors.Is(err, exec.ErrNotFound) || strings.Contains(log.String(), "No module named") {
		t.Skipf("python3 %s: install python3-docutils: %v %s", strings.Join(args, " "), err, log.String())
	}
	if err != nil || log.Len() > 0 {
		t.Errorf("python3 %s: %v\n%s", strings.Join(args, " "), err, log.String())
	}
	return out.Bytes()
}

// What the drafts print was computed by a program that has nothing in common with
// this code.
func TestVectorsAreIndependent(t *testing.T) {
	for name := range drafts() {
		want := strings.TrimSpace(string(python(t, "vectors.py", name)))
		section := strings.Join(load(t, name).Section("Test vectors").Lines, "\n")
		_, got, _ := strings.Cut(section, "\n::\n")
		if got = strings.TrimSpace(got); got != want {
			t.Errorf("%s: the section is not what vectors.py prints:\n%s", name, got)
		}
	}
}

func TestDraftsRender(t *testing.T) {
	for name := range drafts() {
		html := python(t, "-m", "docutils", "--report=1", "--halt=2", "--writer=html5", name)
		title := load(t, name).Field("Title")
		if !bytes.Contains(html, []byte(title)) {
			t.Errorf("%s: its title is not in what it renders to", name)
		}
		if _, body, _ := bytes.Cut(html, []byte("<body")); bytes.Contains(body, []byte("====")) {
			t.Errorf("%s: a table or heading is not taken for one", name)
		}
	}
}

// A draft that breaks every rule is told so.
func TestForm(t *testing.T) {
	good := load(t, "bittorrent-over-tls.rst")
	text := strings.Join(good.Lines, "\n")
	for _, c := range []struct{ old, new, want string }{
		{":Title:", ":Name:", "header: "},
		{":Status:  Draft", ":Status:  Final", `header: Status is "Final"`},
		{":Created: 29-Nov-2026", ":Created: 2026", "header: Created"},
		{"Rationale\n=========", "Reasons\n=======", `section "Rationale"`},
		{"in the public domain", "somewhere", "it is not placed"},
		{"\n[#RFC-2119]_", "", "the introduction does not say"},
		{"   End:", "", "the stanza"},
		{"HTTP Upgrade is", "HTTP\tUpgrade is", "line "},
		{"Keys\n====", "Keys \n====", "line "},
		{"Every torrent has", strings.Repeat("x", 71), "line "},
		{"peer wire.  Whoever", "peer wire. Whoever", "line "},
		{"IETF RFC 2119", "[#RFC-1]_", "reference RFC-1 is not there"},
		{"\n.. [#BEP-9] ", "\n.. [#RFC-2] x\n\n.. [#BEP-9] ", "reference RFC-2 is not used"},
	} {
		if !strings.Contains(text, c.old) {
			t.Fatalf("the draft has no %q", c.old)
		}
		got := Form(Parse([]byte(strings.Replace(text, c.old, c.new, 1))))
		if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, c.want) }) {
			t.Errorf("%q for %q: %q, want %q", c.new, c.old, got, c.want)
		}
	}
}
