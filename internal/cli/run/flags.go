package run

import (
	"path/filepath"
	"strings"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/words"
)

// Flags say how a node is configured, for all commands that want to know.
type Flags struct {
	Config string   `placeholder:"FILE" help:"Read the configuration from this file instead of config.toml in the home."`
	Set    []string `sep:"none" placeholder:"KEY=VALUE" help:"Set one value for this run, such as limits.up=2MB; may be given several times."`

	Listen     string `placeholder:"ADDR" help:"The same as --set listen=ADDR: where peers connect."`
	Management string `placeholder:"ADDR" help:"The same as --set management.listen=ADDR: where the page and the API listen."`
	Download   string `placeholder:"DIR" help:"The same as --set paths.download=DIR, from where you are."`
	LimitUp    string `placeholder:"RATE" help:"The same as --set limits.up=RATE."`
	LimitDown  string `placeholder:"RATE" help:"The same as --set limits.down=RATE."`
	NoDHT      bool   `name:"no-dht" help:"The same as --set peers.dht=false."`
	NoLSD      bool   `name:"no-lsd" help:"The same as --set peers.lsd=false."`
	NoPortmap  bool   `help:"The same as --set peers.portmap=false."`
}

// Sources returns what the configuration of the node in a home is put together from,
// but for what is in its store.
func (f *Flags) Sources(c *console.Console, home string) (config.Sources, error) {
	path := f.Config
	if path == "" {
		path = filepath.Join(home, config.FileName)
	}
	text, err := config.Read(path, f.Config != "")
	if err != nil {
		return config.Sources{}, err
	}
	set, err := f.values()
	return config.Sources{Path: path, File: text, Getenv: c.Getenv, Flags: set}, err
}

// values returns what was set on the command line, by key.
func (f *Flags) values() (map[string]string, error) {
	set := map[string]string{}
	for _, one := range f.Set {
		key, value, ok := strings.Cut(one, "=")
		if !ok {
			return nil, console.Usage("--set %s: want KEY=VALUE, such as limits.up=2MB", words.Plain(one))
		}
		set[key] = value
	}
	download := f.Download
	if download != "" {
		abs, err := filepath.Abs(download)
		if err != nil {
			return nil, err
		}
		download = abs
	}
	for key, value := range map[string]string{
		"listen": f.Listen, "management.listen": f.Management, "paths.download": download,
		"limits.up": f.LimitUp, "limits.down": f.LimitDown,
		"peers.dht": off(f.NoDHT), "peers.lsd": off(f.NoLSD), "peers.portmap": off(f.NoPortmap),
	} {
		if value != "" {
			set[key] = value
		}
	}
	return set, nil
}

func off(no bool) string {
	if no {
		return "false"
	}
	return ""
}
