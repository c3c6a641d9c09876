// Command deb builds a Debian package: deb CONFIG DIR writes what CONFIG, a file of
// nfpm's, describes into DIR. It is nfpm without the other kinds of packages. From v2.46
// on nfpm needs modules for these that are not to be had everywhere, not even by tidying.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/goreleaser/nfpm/v2"
	"github.com/goreleaser/nfpm/v2/deb"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "deb:", err)
		os.Exit(1)
	}
}

func run(args []string) (err error) {
	if len(args) != 2 {
		return fmt.Errorf("want deb CONFIG DIR")
	}
	cfg, err := nfpm.ParseFileWithEnvMapping(args[0], os.Getenv)
	if err != nil {
		return err
	}
	info, err := cfg.Get("deb")
	if err != nil {
		return err
	}
	info = nfpm.WithDefaults(info)
	name := filepath.Join(args[1], deb.Default.ConventionalFileName(info))
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := deb.Default.Package(info, f); err != nil {
		_ = f.Close()
		return err
	}
	fmt.Println(name)
	return f.Close()
}
