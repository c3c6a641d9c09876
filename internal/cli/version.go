package cli

import (
	"runtime"
	"runtime/debug"

	"github.com/warren-p2p/warren/internal/cli/console"
)

// Version is the version of the program.
const Version = "0.1.0"

type versionCommand struct{}

// Run prints what was built and from what.
func (versionCommand) Run(c *console.Console) error {
	commit, changed := "", false
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				commit = s.Value
			case "vcs.modified":
				changed = s.Value == "true"
			}
		}
	}
	platform := runtime.GOOS + "/" + runtime.GOARCH
	if c.JSON {
		return c.Emit(struct {
			Event    string `json:"event"`
			Name     string `json:"name"`
			Version  string `json:"version"`
			Commit   string `json:"commit,omitempty"`
			Changed  bool   `json:"changed,omitempty"`
			Go       string `json:"go"`
			Platform string `json:"platform"`
		}{console.Done, "warren", Version, commit, changed, runtime.Version(), platform})
	}
	from := ""
	if commit != "" {
		from = ", commit " + commit[:min(len(commit), 12)]
		if changed {
			from += " with changes"
		}
	}
	c.Say("warren %s%s, %s, %s", Version, from, runtime.Version(), platform)
	return nil
}
