package main

import (
	"strings"
	"testing"
)

func TestSummary(t *testing.T) {
	const good = `{"Action":"start","Package":"p"}
{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"noise\n"}
{"Action":"pass","Package":"p","Test":"TestA/sub","Elapsed":0}
{"Action":"pass","Package":"p","Test":"TestA","Elapsed":0}
{"Action":"pass","Package":"p","Elapsed":1.5}
{"Action":"skip","Package":"empty","Elapsed":0}
`
	const skip = `{"Action":"output","Package":"p","Test":"TestB","Output":"    x_test.go:7: no counterpart: install it\n"}
{"Action":"skip","Package":"p","Test":"TestB","Elapsed":0}
`
	const fail = `{"Action":"output","Package":"p","Test":"TestC","Output":"    x_test.go:9: broken\n"}
{"Action":"fail","Package":"p","Test":"TestC","Elapsed":0}
{"Action":"fail","Package":"p","Elapsed":0.1}
`
	const noBuild = `{"ImportPath":"q","Action":"build-output","Output":"q.go:1: syntax error\n"}
{"ImportPath":"q","Action":"build-fail"}
{"Action":"output","Package":"q","Output":"FAIL\tq [build failed]\n"}
{"Action":"fail","Package":"q","Elapsed":0,"FailedBuild":"q"}
`
	for _, tt := range []struct {
		name, in   string
		requireAll bool
		ok         bool
		want       string
	}{
		{"passed", good, true, true, "pass     1.5s  p\n2 passed, 0 failed, 0 skipped\n"},
		{"skipped", good + skip, false, true, "pass     1.5s  p\nskipped p TestB: no counterpart: install it\n2 passed, 0 failed, 1 skipped\n"},
		{"skipped but required", good + skip, true, false, "pass     1.5s  p\nskipped p TestB: no counterpart: install it\nWARREN_REQUIRE=all: 1 skipped tests count as failures\n2 passed, 0 failed, 1 skipped\n"},
		{"failed", good + fail, false, false, "pass     1.5s  p\n    x_test.go:9: broken\nfail     0.1s  p\n2 passed, 1 failed, 0 skipped\n"},
		{"does not build", noBuild, false, false, "q.go:1: syntax error\nFAIL\tq [build failed]\nfail     0.0s  q\n0 passed, 1 failed, 0 skipped\n"},
		{"go fails", "go: no such module\n", false, false, "go: no such module\nno test ran\n0 passed, 0 failed, 0 skipped\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			s, err := read(strings.NewReader(tt.in), &out)
			if err != nil {
				t.Fatal(err)
			}
			ok := s.report(&out, tt.requireAll)
			if ok != tt.ok || out.String() != tt.want {
				t.Errorf("ok %v, output:\n%s\nwant %v:\n%s", ok, out.String(), tt.ok, tt.want)
			}
		})
	}
}
