// Package trace is what a file tells of a person beside what it is for: one finding, in
// words, whatever format it was in.
package trace

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/words"
)

// Kind is what a finding gives away.
type Kind string

// The kinds, the worst first.
const (
	Location  Kind = "location"  // where somebody was
	Person    Kind = "person"    // who it was
	Device    Kind = "device"    // what was used, which is often one of its kind
	Thumbnail Kind = "thumbnail" // a second picture, perhaps from before the first was cut
	Comment   Kind = "comment"   // words that nobody sees who looks at the content
	Time      Kind = "time"      // when it was
	Software  Kind = "software"  // by which program
)

// Kinds returns all of them, the worst first.
func Kinds() []Kind {
	return []Kind{Location, Person, Device, Thumbnail, Comment, Time, Software}
}

// Finding is one thing that a file tells.
type Finding struct {
	Kind      Kind
	What      string // the name of it, as the format has it
	Value     string // plain text of 200 characters at most
	Removable bool   // a copy can be made without it
}

const (
	maxFindings = 100 // of one file
	maxValue    = 200 // characters
)

// List gathers the findings of one file. The zero value is usable.
type List struct {
	// Removable is what is said of findings that are added from now on.
	Removable bool
	found     []Finding
}

// Add notes a finding, unless it has been noted or says nothing.
func (l *List) Add(kind Kind, what string, value any) {
	f := Finding{Kind: kind, What: Plain(what), Value: Plain(fmt.Sprint(value)), Removable: l.Removable}
	if f.Value == "" || len(l.found) >= maxFindings || slices.Contains(l.found, f) {
		return
	}
	l.found = append(l.found, f)
}

// Name notes a finding of a kind that follows from its name; nothing if what is called
// so tells of nobody.
func (l *List) Name(name string, value any) {
	if kind, ok := Called(name); ok {
		l.Add(kind, name, value)
	}
}

// Len returns how many findings there are.
func (l *List) Len() int { return len(l.found) }

// Take adds findings of something within the file; all of them stay if removable is false.
func (l *List) Take(found []Finding, removable bool) {
	for _, f := range found {
		l.Removable = removable && f.Removable
		l.Add(f.Kind, f.What, f.Value)
	}
}

// Removable reports whether a copy can be made without one of some findings.
func Removable(found []Finding) bool {
	return slices.ContainsFunc(found, func(f Finding) bool { return f.Removable })
}

// Found returns what was found, the worst first.
func (l *List) Found() []Finding {
	slices.SortStableFunc(l.found, func(a, b Finding) int { return cmp.Compare(rank(a.Kind), rank(b.Kind)) })
	return l.found
}

func rank(k Kind) int { return slices.Index(Kinds(), k) }

// Plain returns a text as it can be shown: without what moves a cursor, on one line, 200
// characters of it at most.
func Plain(text string) string {
	if len(text) > 4*maxValue {
		text = text[:4*maxValue]
	}
	text = words.Plain(strings.Join(strings.Fields(strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", " ")), " "))
	if r := []rune(text); len(r) > maxValue {
		text = string(r[:maxValue-1]) + "…"
	}
	return text
}
