package run

import (
	"os"
	"path/filepath"

	"github.com/warren-p2p/warren/internal/api/sharing"
	"github.com/warren-p2p/warren/internal/home"
	"github.com/warren-p2p/warren/internal/node"
	"github.com/warren-p2p/warren/internal/share/draft"
	"github.com/warren-p2p/warren/internal/share/draft/caution"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/swarm/reachability"
)

// linked is what the API says of what is shared by links. Its drafts are closed by who
// asks for it.
func linked(n *node.Node) sharing.Service {
	content := func() []string {
		c := n.Settings().Paths
		dirs := []string{n.Path(c.Download)}
		if c.Incomplete != "" {
			dirs = append(dirs, n.Path(c.Incomplete))
		}
		return dirs
	}
	disk := draft.Disk{Real: vfs.RealPath, Open: vfs.OpenPath, Make: func(path string) error {
		dir, err := home.OpenDir(path, 0o755)
		if err != nil {
			return err
		}
		return dir.Close()
	}}
	return sharing.Service{
		Book: n.Shares, Identities: n.Identities, Library: n.Library, Disk: disk,
		Start:     func() string { return start(n) },
		Reachable: func() bool { return n.Reachability().Best().State >= reachability.Probably },
		Drafts: draft.New(draft.Config{
			Book: n.Shares, Clock: n.Clock, Log: n.Log, Disk: disk, Names: names(n),
			Copies:  func() string { return filepath.Join(n.Path(n.Settings().Paths.Download), "shared copies") },
			Private: n.Home.Path(), Content: content,
		}),
	}
}

// start is where the user keeps files: the home of the user, or where content goes if
// there is none.
func start(n *node.Node) string {
	if dir, err := os.UserHomeDir(); err == nil && filepath.IsAbs(dir) {
		return dir
	}
	return n.Path(n.Settings().Paths.Download)
}

// names are words that give the user away.
func names(n *node.Node) caution.Names {
	var list caution.Names
	if dir, err := os.UserHomeDir(); err == nil && filepath.IsAbs(dir) {
		list = append(list, filepath.Base(dir))
	}
	if host, err := os.Hostname(); err == nil {
		list = append(list, host)
	}
	for _, i := range n.Identities.List() {
		list = append(list, i.Name)
	}
	return list
}
