//go:build linux

// Package clients knows how to run other people's BitTorrent programs: their
// command lines and settings, how encryption is required of them or forbidden,
// and what each of them does not do.
//
// None has DHT, LSD, PEX or uTP switched on: a test says whom they meet, by the
// tracker. What they tell the tracker says how far they are.
package clients

import (
	"fmt"
	"os"
	"path/filepath"
)

// Port is where every client listens.
const Port = 6881

// Client is a BitTorrent program.
type Client interface {
	// Name is the program's name.
	Name() string
	// Needs is what it takes: a program, and the Debian package that brings it.
	Needs() (program, pack string)
	// Forbids reports whether it can be told to have nothing to do with MSE.
	Forbids() bool
	// Setup is how to run it.
	Setup(Task) Setup
	// Refuses returns how it shows that it does not take a source, or nil if it
	// does.
	Refuses(Source) *Refusal
	// Stumbles returns why it sometimes fails to fetch a source, whoever has it,
	// or "".
	Stumbles(Source) string
}

// All are the clients of the matrix.
func All() []Client {
	return []Client{Libtorrent{}, Transmission{}, Aria2{}, QBittorrent{}, RTorrent{}}
}

// Source is what a client is given.
type Source struct {
	Kind   string // v1, v2 or hybrid
	Magnet bool
}

// Refusal is how a client does not take a source.
type Refusal struct {
	Why  string
	Says string // in its output; if empty, it announces something else instead
}

// Task is what to do. Paths are absolute.
type Task struct {
	From  string // a .torrent file or a magnet link
	Dir   string // where the content lies or lands
	State string // an empty directory of its own
	MSE   bool   // require MSE with RC4; otherwise forbid it, or prefer plain connections
}

// Setup is a command line with what it needs.
type Setup struct {
	Args  []string
	Env   []string
	Files []File
	Then  []string // a command that hands it the task, to be repeated until it succeeds; nil if it knows
}

// File is a file of the state directory.
type File struct {
	Name, Content string
}

// Write writes the files to the state directory of a task.
func (s Setup) Write(t Task) error {
	for _, f := range s.Files {
		path := filepath.Join(t.State, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("write settings: %w", err)
		}
		if err := os.WriteFile(path, []byte(f.Content), 0o600); err != nil {
			return fmt.Errorf("write settings: %w", err)
		}
	}
	return nil
}
