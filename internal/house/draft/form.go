package draft

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// columns is how wide a line may be (BEP 2).
const columns = 70

// Form says where a draft has another form than BEPs have: BEP 1 and BEP 2, and
// what those of recent years have in common.
func Form(d *Draft) []string {
	return slices.Concat(header(d), sections(d), lines(d), references(d))
}

func header(d *Draft) (broken []string) {
	want := []string{"BEP", "Title", "Version", "Last-Modified", "Author", "Status", "Type", "Requires", "Content-Type", "Created", "Post-History"}
	var got []string
	for _, f := range d.Fields {
		got = append(got, f.Name)
	}
	if !slices.Contains(got, "Requires") {
		want = slices.DeleteFunc(want, func(s string) bool { return s == "Requires" })
	}
	if !slices.Equal(got, want) {
		broken = append(broken, fmt.Sprintf("header: %v, want %v", got, want))
	}
	for name, pattern := range map[string]string{
		"BEP": `^XXX$`, "Version": `^\$Revision\$$`, "Last-Modified": `^\$Date\$$`, "Author": `.`, "Status": `^Draft$`,
		"Type": `^(Standards Track|Informational)$`, "Content-Type": `^text/x-rst$`, "Created": `^[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4}$`,
	} {
		if v := d.Field(name); !regexp.MustCompile(pattern).MatchString(v) {
			broken = append(broken, fmt.Sprintf("header: %s is %q", name, v))
		}
	}
	return broken
}

// sections wants what every draft has, in this order.
func sections(d *Draft) (broken []string) {
	last := -1
	for _, title := range []string{
		"", "Rationale", "Backwards compatibility", "Security considerations", "Implementation notes", "Test vectors", "References", "Copyright",
	} {
		at := slices.IndexFunc(d.Sections, func(s Section) bool { return s.Title == title && s.Level <= 1 })
		if at <= last {
			broken = append(broken, fmt.Sprintf("section %q: not there, or not in its place", title))
			continue
		}
		last = at
	}
	if !strings.Contains(strings.Join(d.Lines, "\n"), "This document has been placed in the public domain.") {
		broken = append(broken, "it is not placed in the public domain")
	}
	if !strings.Contains(strings.Join(d.Sections[0].Lines, " "), "[#RFC-2119]_") {
		broken = append(broken, "the introduction does not say what MUST and SHOULD are")
	}
	end := "..\n   Local Variables:\n   mode: indented-text\n   indent-tabs-mode: nil\n" +
		"   sentence-end-double-space: t\n   fill-column: 70\n   coding: utf-8\n   End:"
	if !strings.HasSuffix(strings.Join(d.Lines, "\n"), end) {
		broken = append(broken, "the stanza for Emacs is not at its end")
	}
	return broken
}

func lines(d *Draft) (broken []string) {
	single := regexp.MustCompile("[a-z0-9)`\"][.?!][)\"]? [A-Z]")
	vectors := false
	for i, line := range d.Lines {
		bad := func(why string) { broken = append(broken, fmt.Sprintf("line %d: %s: %q", i+1, why, line)) }
		if heading(d.Lines, i) > 0 {
			vectors = line == "Test vectors"
		}
		switch {
		case strings.Contains(line, "\t"):
			bad("a tab")
		case strings.TrimRight(line, " ") != line:
			bad("spaces at its end")
		case utf8.RuneCountInString(line) > columns:
			bad(fmt.Sprintf("wider than %d columns", columns))
		case !vectors && single.MatchString(line):
			bad("one space after a sentence")
		}
	}
	return broken
}

// references wants each to be there and to be used.
func references(d *Draft) (broken []string) {
	text := strings.Join(d.Lines, "\n")
	used, defined := map[string]bool{}, map[string]bool{}
	for _, m := range regexp.MustCompile(`\[#([A-Z0-9-]+)\]_`).FindAllStringSubmatch(text, -1) {
		used[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`(?m)^\.\. \[#([A-Z0-9-]+)\] `).FindAllStringSubmatch(text, -1) {
		defined[m[1]] = true
	}
	for name := range used {
		if !defined[name] {
			broken = append(broken, "reference "+name+" is not there")
		}
	}
	for name := range defined {
		if !used[name] {
			broken = append(broken, "reference "+name+" is not used")
		}
	}
	return broken
}
