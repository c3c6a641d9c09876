package program

import (
	"os"
	"regexp"
	"strconv"
	"testing"
)

// pages returns how many kB of files, of which the program is the only one that
// is large, are mapped.
func pages(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`RssFile:\s+([0-9]+) kB`).FindSubmatch(status)
	if m == nil {
		t.Fatalf("no RssFile in %s", status)
	}
	n, err := strconv.Atoi(string(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestUnmap(t *testing.T) {
	sum := 0
	for _, m := range ownMaps() {
		sum += len(m.file)
	}
	if sum == 0 {
		t.Fatal("no mappings are found")
	}
	before := pages(t)
	Unmap()
	if after := pages(t); after >= before {
		t.Errorf("%d kB before, %d kB after", before, after)
	}
}

func TestParseMapping(t *testing.T) {
	m, err := parseMapping("00400000-0145c000 r-xp 00000000 fe:00 13885490                           /usr/bin/warren")
	if want := (mapping{from: 0x400000, to: 0x145c000, file: "/usr/bin/warren"}); err != nil || m != want {
		t.Errorf("%+v, %v", m, err)
	}
	if m, err := parseMapping("02332000-02376000 rw-p 01f32000 fe:00 13885490 /usr/bin/warren"); err != nil || !m.writable {
		t.Errorf("%+v, %v", m, err)
	}
	for _, line := range []string{
		"", "c000000000-c000800000 rw-p 00000000 00:00 0", "7ffc0-7ffc1 r-xp 00000000 00:00 0 [vdso]",
		"x-1 r-xp 00000000 fe:00 7 /a", "1 r-xp 00000000 fe:00 7 /a", "1-2 r-xp 00000000 fe:00 7 /a b",
	} {
		if m, err := parseMapping(line); err == nil {
			t.Errorf("%q: %+v", line, m)
		}
	}
}
