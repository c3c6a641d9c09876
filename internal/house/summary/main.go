// Command summary reads the output of go test -json and tells what matters: a
// line a package, the whole output of what failed, the names of what was
// skipped, and at the end, alone on a line, "N passed, N failed, N skipped".
//
// It exits with 1 if something failed or nothing ran, and, where WARREN_REQUIRE
// is "all", if something was skipped.
package main

import (
	"fmt"
	"os"
)

func main() {
	s, err := read(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "summary:", err)
		os.Exit(1)
	}
	if !s.report(os.Stdout, os.Getenv("WARREN_REQUIRE") == "all") {
		os.Exit(1)
	}
}
