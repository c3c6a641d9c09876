package main

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	o, err := parse([]string{"hash,limit", "-kinds", "v1", "-size", "64"})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"hash", "limit"}, o.parts); d != "" || o.size != 64 || o.transfers() || !o.has("aria2") {
		t.Errorf("%+v", o)
	}
	again, err := parse(strings.Fields(o.String()))
	if err != nil || again.String() != o.String() || again.timeout != o.timeout {
		t.Errorf("%s reads as %s, %v", o, again, err)
	}
	o, err = parse(nil)
	if err != nil || !o.transfers() || !o.wants("limit") || o.reps != 3 {
		t.Errorf("defaults: %+v, %v", o, err)
	}
	stderr := os.Stderr
	defer func() { os.Stderr = stderr }()
	if os.Stderr, err = os.Open(os.DevNull); err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][]string{{"-only", "speed"}, {"-kinds", "v3"}, {"-clients", "rain"}, {"-size", "1"}, {"-reps", "0"}, {"-nope"}, {"hash", "limit"}} {
		if _, err := parse(bad); !errors.Is(err, errUsage) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

// Everything that is missing is named at once, with the packages to install.
func TestReadyNamesWhatIsMissing(t *testing.T) {
	o, err := parse([]string{"hash", "-python", "/no/python3", "-warren", "/no/warren"})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", t.TempDir())
	want := "cannot measure: missing /no/python3, mktorrent, transmission-create, /no/warren: apt-get install python3-libtorrent mktorrent transmission-cli"
	if err := o.ready(); !errors.Is(err, errNeeds) || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestRoles(t *testing.T) {
	if is, err := role(t.Context(), []string{"limit"}); is || err != nil {
		t.Errorf("a part is not a role: %v, %v", is, err)
	}
	for _, bad := range [][]string{{roleAwait}, {roleHash, "v1", "x", "y"}, {roleSend, "1"}, {roleReceive, "a", "b", "c", "d"}} {
		if is, err := role(t.Context(), bad); !is || !errors.Is(err, errArguments) {
			t.Errorf("%q: %v, %v", bad, is, err)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/a", make([]byte, 100_000), 0o600); err != nil {
		t.Fatal(err)
	}
	if is, err := role(t.Context(), []string{roleHash, "hybrid", "16384", dir}); !is || err != nil {
		t.Errorf("hash: %v, %v", is, err)
	}
}
