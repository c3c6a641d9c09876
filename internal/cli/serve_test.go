package cli_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// serve serves a folder on this machine until the script ends, and sets $SITE.
func serve(ts *testscript.TestScript, _ bool, args []string) {
	s := httptest.NewServer(http.FileServer(http.Dir(ts.MkAbs(args[0]))))
	ts.Defer(s.Close)
	ts.Setenv("SITE", s.URL)
}

// retry runs a command until its output matches.
func retry(ts *testscript.TestScript, _ bool, args []string) {
	want := regexp.MustCompile("(?m)" + args[0])
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		ts.Check(ts.Exec(args[1], args[2:]...))
		if want.MatchString(ts.ReadFile("stdout")) {
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("%s is not told", want)
		}
	}
}
