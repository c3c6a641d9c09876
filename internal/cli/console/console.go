// Package console is what a command says and to whom: plain words and a
// progress bar to a person at a terminal, lines without decoration to a file,
// one JSON object a line to a program.
package console

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/words"
)

// Console carries the streams of a command. Its methods are safe for
// concurrent use.
type Console struct {
	Out, Err io.Writer
	// Getenv reads the environment, such as os.Getenv.
	Getenv func(string) string
	Clock  clock.Clock
	// Version is the program's, such as "0.1.0".
	Version string
	// Home is what --home says, "" if it was not given.
	Home string
	// JSON makes Out carry events only.
	JSON bool
	// Terminal says that Out is a screen that understands cursor movements.
	Terminal bool

	mu   sync.Mutex // of Out
	errs sync.Mutex // of Err: who does not read our output must not keep us from saying so
}

// HomePath returns where the home is that the command line or the environment says.
func (c *Console) HomePath() (string, error) {
	path, err := home.Path(c.Home, c.Getenv)
	if err != nil {
		return "", fmt.Errorf("find a home for state: %w: give one with --home", err)
	}
	return path, nil
}

// OpenHome opens it. The caller closes it.
func (c *Console) OpenHome() (*home.Home, error) {
	path, err := c.HomePath()
	if err != nil {
		return nil, err
	}
	return home.Open(path)
}

// Say prints a line for people; with --json it prints nothing.
func (c *Console) Say(format string, args ...any) {
	if c.JSON {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	fmt.Fprintf(c.Out, format+"\n", args...)
}

// Warn prints a line beside the output, with or without --json.
func (c *Console) Warn(format string, args ...any) {
	c.errs.Lock()
	defer c.errs.Unlock()
	fmt.Fprintf(c.Err, "warren: "+format+"\n", args...)
}

// Fail prints why a command failed; how to use it, if it was used wrongly.
func (c *Console) Fail(command string, err error) {
	if _, ok := errors.AsType[*UsageError](err); !ok {
		c.Warn("%v", err) // it says what was attempted
		return
	}
	c.errs.Lock()
	defer c.errs.Unlock()
	fmt.Fprintf(c.Err, "%s: %v\nSee: %s --help\n", command, err, command)
}

// Client is how this program is called in torrents and by peers.
func (c *Console) Client() string { return "warren/" + c.Version }

// Colour reports whether colours are wanted: on a terminal, unless NO_COLOR
// says otherwise (no-color.org).
func (c *Console) Colour() bool {
	return c.Terminal && c.Getenv("NO_COLOR") == ""
}

// unicode reports whether the terminal shows more than ASCII.
func (c *Console) unicode() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := c.Getenv(name); v != "" {
			v = strings.ToLower(v)
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return false
}

// UsageError reports a command line that cannot be meant.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }
func (e *UsageError) Unwrap() error { return e.Err }

// Usage returns a *UsageError with a text.
func Usage(format string, args ...any) error {
	return &UsageError{fmt.Errorf(format, args...)}
}

// Cause is [words.Cause].
func Cause(err error) error { return words.Cause(err) }

// ErrInterrupted reports that the user ended the command.
var ErrInterrupted = errors.New("interrupted")

// ToldError is an error that --json was told already, in an event of its own.
type ToldError struct {
	Err  error
	Emit error // what came of telling
}

func (e *ToldError) Error() string   { return e.Err.Error() }
func (e *ToldError) Unwrap() []error { return []error{e.Err, e.Emit} }
