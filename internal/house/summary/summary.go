package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// event is a line of go test -json, see go doc test2json and go help buildjson.
type event struct {
	Action     string
	Package    string
	ImportPath string // of build events, in place of Package
	Test       string
	Elapsed    float64 // seconds
	Output     string
}

// summary counts tests, subtests included. A package that fails by itself, as
// one that does not build, counts as one failed test.
type summary struct {
	passed, failed int
	skipped        []string
	output         map[string]*strings.Builder // by package and test
	failedIn       map[string]int
}

// read counts what it reads from r and writes packages and failures to w.
func read(r io.Reader, w io.Writer) (*summary, error) {
	s := &summary{output: map[string]*strings.Builder{}, failedIn: map[string]int{}}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			fmt.Fprintln(w, lines.Text()) // go itself speaks plainly
			continue
		}
		s.add(e, w)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read test events: %w", err)
	}
	return s, nil
}

func (s *summary) add(e event, w io.Writer) {
	key := e.Package + e.ImportPath + "." + e.Test
	switch e.Action {
	case "output", "build-output":
		if s.output[key] == nil {
			s.output[key] = &strings.Builder{}
		}
		s.output[key].WriteString(e.Output)
	case "build-fail":
		s.show(key, w)
		delete(s.output, key)
	case "pass", "fail", "skip":
		if e.Test == "" {
			s.endPackage(e, key, w)
		} else {
			s.endTest(e, key, w)
		}
		delete(s.output, key)
	}
}

func (s *summary) endTest(e event, key string, w io.Writer) {
	switch e.Action {
	case "pass":
		s.passed++
	case "skip":
		s.skipped = append(s.skipped, e.Package+" "+e.Test+reason(s.output[key]))
	case "fail":
		s.failed++
		s.failedIn[e.Package]++
		s.show(key, w)
	}
}

func (s *summary) endPackage(e event, key string, w io.Writer) {
	switch {
	case e.Action == "skip":
		return // a package without tests
	case e.Action == "fail" && s.failedIn[e.Package] == 0:
		s.failed++
		s.show(key, w)
	}
	fmt.Fprintf(w, "%-4s %7.1fs  %s\n", e.Action, e.Elapsed, e.Package)
}

func (s *summary) show(key string, w io.Writer) {
	if out := s.output[key]; out != nil {
		fmt.Fprint(w, out.String())
	}
}

// reason finds what a skipped test said.
func reason(out *strings.Builder) string {
	if out == nil {
		return ""
	}
	for line := range strings.Lines(out.String()) {
		if _, why, ok := strings.Cut(line, ".go:"); ok {
			if _, why, ok = strings.Cut(why, ": "); ok {
				return ": " + strings.TrimSpace(why)
			}
		}
	}
	return ""
}

// report writes the end and says whether all is well.
func (s *summary) report(w io.Writer, requireAll bool) bool {
	for _, name := range s.skipped {
		fmt.Fprintln(w, "skipped", name)
	}
	ok := s.failed == 0
	if s.passed+s.failed == 0 {
		fmt.Fprintln(w, "no test ran")
		ok = false
	}
	if requireAll && len(s.skipped) > 0 {
		fmt.Fprintf(w, "WARREN_REQUIRE=all: %d skipped tests count as failures\n", len(s.skipped))
		ok = false
	}
	fmt.Fprintf(w, "%d passed, %d failed, %d skipped\n", s.passed, s.failed, len(s.skipped))
	return ok
}
