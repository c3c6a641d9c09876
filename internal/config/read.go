package config

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
)

// FileName is what the file is called in the home of a node.
const FileName = "config.toml"

// maxFile bounds what is read: with all its comments the file has some 20 kB.
const maxFile = 1 << 20

// Read returns the text of a configuration file. One that was not named by the user
// need not be there.
func Read(path string, named bool) (text []byte, err error) {
	dir, name, err := vfs.OpenPath(path)
	if err == nil {
		text, err = readFile(dir, name)
		err = errors.Join(err, dir.Close())
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read the configuration %s: %w", words.Plain(path), words.Cause(err))
	}
	return text, nil
}

func readFile(dir vfs.FS, name string) ([]byte, error) {
	info, err := dir.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	case info.Size() > maxFile:
		return nil, fmt.Errorf("it has %s, a configuration has a few kB", words.Bytes(info.Size()))
	}
	return vfs.ReadFile(dir, name)
}
