// Package configcmd holds the commands about the configuration of a node.
package configcmd

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/run"
	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/config/manual"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/node"
	"github.com/warren-p2p/warren/internal/settings"
	"github.com/warren-p2p/warren/internal/words"
)

// Config is the group of commands.
type Config struct {
	Show    show    `cmd:"" help:"Print what is set, and where it came from."`
	Check   check   `cmd:"" help:"Say what is wrong with the configuration."`
	Example example `cmd:"" help:"Print a configuration file with everything in it, commented out."`
}

// show prints values.
type show struct {
	Key       string `arg:"" optional:"" help:"One value, such as limits.up, or one table, such as limits; all of them by default."`
	run.Flags `embed:""`
}

// value is the event of --json, one for each value.
type value struct {
	Event  string `json:"event"`
	Key    string `json:"key"`
	Value  any    `json:"value"` // as the file has it
	Origin string `json:"origin"`
	Live   bool   `json:"live"` // takes effect without a restart
}

// Run prints them.
func (s *show) Run(ctx context.Context, c *console.Console) error {
	path, err := c.HomePath()
	if err != nil {
		return err
	}
	src, err := s.Sources(c, path)
	if err != nil {
		return err
	}
	conf, err := settings.Read(ctx, filepath.Join(path, node.Database), src)
	if err != nil {
		return err
	}
	found := false
	c.Say("# %s", words.Plain(src.Path))
	for _, k := range config.Keys() {
		if s.Key != "" && k.Name != s.Key && !strings.HasPrefix(k.Name, s.Key+".") {
			continue
		}
		found = true
		v := conf.Value(k.Name)
		if k.Secret && v != "" {
			v = "…"
		}
		c.Say("%-28s %-36s %s", k.Name, written(v), conf.Origin(k.Name))
		if err := c.Emit(value{"value", k.Name, v, conf.Origin(k.Name).String(), k.Live}); err != nil {
			return err
		}
	}
	if !found {
		return console.Usage("%s: no such setting: warren config show prints all", words.Plain(s.Key))
	}
	return nil
}

// written returns a value as the file has it.
func written(v any) string {
	switch v := v.(type) {
	case string:
		return fmt.Sprintf("%q", v)
	case []string:
		return strings.ReplaceAll(fmt.Sprintf("%q", v), `" "`, `", "`)
	}
	return fmt.Sprint(v)
}

// check looks for mistakes.
type check struct {
	File string `arg:"" optional:"" help:"A file to look at instead of config.toml in the home."`
}

// wrong is the event of --json for a mistake, checked when there is none.
type wrong struct {
	Event string `json:"event"`
	Key   string `json:"key,omitempty"`
	Where string `json:"where,omitempty"`
	Error string `json:"error"`
}

type checked struct {
	Event string `json:"event"`
	File  string `json:"file"`
	Set   int    `json:"set"` // values that are not those by default
}

// Run looks.
func (k *check) Run(c *console.Console) error {
	path := k.File
	if path == "" {
		at, err := home.Path(c.Home, c.Getenv)
		if err != nil {
			return fmt.Errorf("find the home of the node: %w: give one with --home, or the path of the file", err)
		}
		path = filepath.Join(at, config.FileName)
	}
	text, err := config.Read(path, k.File != "")
	if err != nil {
		return err
	}
	conf, err := config.Load(config.Sources{Path: path, File: text, Getenv: c.Getenv})
	if err != nil {
		return tell(c, err)
	}
	set := 0
	for _, key := range config.Keys() {
		if conf.Origin(key.Name) != config.Default {
			set++
		}
	}
	if text == nil {
		c.Say("There is no %s, and none is needed: warren config example prints one.", words.Plain(path))
	} else {
		c.Say("%s is right: %s.", words.Plain(path), words.Count(set, "value is not the one by default", "values are not those by default"))
	}
	return c.Emit(checked{"checked", path, set})
}

// tell gives programs each mistake by itself.
func tell(c *console.Console, err error) error {
	list := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		list = joined.Unwrap()
	}
	var errs []error
	for _, one := range list {
		w := wrong{Event: console.Failed, Error: one.Error()}
		if e, ok := errors.AsType[*config.KeyError](one); ok {
			w.Key, w.Where, w.Error = e.Key, e.Where, e.Err.Error()
		}
		errs = append(errs, c.Emit(w))
	}
	return &console.ToldError{Err: err, Emit: errors.Join(errs...)}
}

// example prints a file.
type example struct{}

// Run prints it.
func (*example) Run(c *console.Console) error {
	c.Say("%s", strings.TrimRight(manual.Example(), "\n"))
	return c.Emit(struct {
		Event string `json:"event"`
		Text  string `json:"text"`
	}{"example", manual.Example()})
}
