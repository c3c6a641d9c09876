// Package script plays the requests of a client to a program, and keeps the shapes
// of what it answers (package shape): the same script is played to a program that
// other people's programs are written for, and to ours.
//
//	do share
//	POST torrents/add @torrents=film.torrent category=tv savepath={dir}
//	until "state":"stalledUP" GET torrents/info hashes={film}
//	GET torrents/info * torrents
//
// Each line is a method, a path and parameters as name=value, with value as in a
// query and names in braces put in. A parameter "@name=file" sends a file, which
// makes the form a multipart one. In front may stand "until TEXT": the request is
// repeated until the answer contains TEXT, and that is not kept. At the end may
// stand "* PATHS": there, names of members are data. "do X" is done by whoever
// plays the script. Lines that begin with # say something to people.
package script

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/compat/shape"
)

// Step is one line of a script.
type Step struct {
	Line    string // as it stands there
	Do      string // what to do; "" for a request
	Method  string
	Path    string
	Fields  []Field
	Dynamic []string // paths of the answer below which names are data
	Until   string   // what the answer must contain
}

// Field is a parameter of a request: of the query of a GET, of the form of a POST.
type Field struct {
	Name, Value string
	File        bool // the value is the name of a file to send
}

// Read reads a script.
func Read(text string) (steps []Step, err error) {
	for n, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		step, err := readStep(line)
		if err != nil {
			return nil, fmt.Errorf("line %d of a script: %w", n+1, err)
		}
		steps = append(steps, step)
	}
	return steps, nil
}

func readStep(line string) (s Step, err error) {
	s.Line = line
	words, dynamic, _ := strings.Cut(line, " * ")
	s.Dynamic = strings.Fields(dynamic)
	w := strings.Fields(words)
	if w[0] == "do" && len(w) == 2 {
		s.Do = w[1]
		return s, nil
	}
	if w[0] == "until" && len(w) > 1 {
		if s.Until, err = url.QueryUnescape(w[1]); err != nil {
			return s, err
		}
		w = w[2:]
	}
	if len(w) < 2 || w[0] != http.MethodGet && w[0] != http.MethodPost {
		return s, fmt.Errorf("no request: %q", line)
	}
	s.Method, s.Path = w[0], w[1]
	for _, field := range w[2:] {
		name, value, _ := strings.Cut(field, "=")
		name, file := strings.CutPrefix(name, "@")
		if value, err = url.QueryUnescape(value); err != nil {
			return s, err
		}
		s.Fields = append(s.Fields, Field{name, value, file})
	}
	return s, nil
}

// World is where a script is played.
type World struct {
	// Base is in front of the paths: "http://127.0.0.1:8080/api/v2/".
	Base string
	// Do sends a request. It keeps cookies.
	Do func(*http.Request) (*http.Response, error)
	// Names are put in for {name} in values and in what is waited for.
	Names map[string]string
	// Files are sent by name.
	Files map[string][]byte
	// Acts are what is done between requests.
	Acts map[string]func(context.Context) error
	// Patience is how long is waited for an answer that contains what it must; it is
	// asked for every Pause.
	Patience, Pause time.Duration
}

// Play takes the steps of a script, one after the other. The record has each
// request with the status of its answer, and the shape of that if it is JSON.
func Play(ctx context.Context, w World, steps []Step) (shape.Record, error) {
	r := shape.Record{}
	for _, s := range steps {
		name, got, err := w.take(ctx, s)
		if err != nil {
			return r, fmt.Errorf("%s: %w", s.Line, err)
		}
		if s.Until != "" || s.Do != "" {
			continue
		}
		if before, again := r[name]; again {
			got = shape.Merge(before, got)
		}
		r[name] = got
	}
	return r, nil
}

func (w World) take(ctx context.Context, s Step) (name string, got shape.Shape, err error) {
	if s.Do != "" {
		act, ok := w.Acts[s.Do]
		if !ok {
			return "", nil, errors.New("nobody does that")
		}
		return "", nil, act(ctx)
	}
	want := w.named(s.Until)
	for waited := time.Duration(0); ; waited += w.Pause {
		a, err := w.ask(ctx, s)
		switch {
		case err != nil:
			return "", nil, err
		case strings.Contains(string(a.body), want):
			got, err = a.shape(s)
			return fmt.Sprintf("%s -> %d", s.Line, a.status), got, err
		case waited >= w.Patience:
			return "", nil, fmt.Errorf("no %q within %v, but %d %s", want, w.Patience, a.status, a.body)
		}
		time.Sleep(w.Pause)
	}
}

func (w World) named(value string) string {
	for name, is := range w.Names {
		value = strings.ReplaceAll(value, "{"+name+"}", is)
	}
	return value
}
