package house

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/warren-p2p/warren/internal/house/tree"
)

// Module is the import path of the root.
const Module = "github.com/warren-p2p/warren"

// beside is the floor of what stands next to the house: it may import every
// floor, and nobody imports it.
const beside = 7

// floors says where a package lives, by floor; the longest prefix counts.
var floors = [][]string{
	0: {"permid", "internal/clock", "internal/hosts", "internal/logs", "internal/netpolicy", "internal/store", "internal/vfs", "internal/words"},
	1: {"metainfo", "peerwire", "internal/ipfilter", "internal/lanes", "internal/merkle", "internal/wire"},
	2: {"btls", "internal/acme", "internal/channel", "internal/facade", "internal/tor", "internal/transport"},
	3: {"swarm", "tracker", "internal/dht", "internal/ledger", "internal/lsd", "internal/portmap"},
	4: {
		"internal/access", "internal/backup", "internal/blocklist", "internal/chat", "internal/courier", "internal/economy",
		"internal/feeds", "internal/goal", "internal/home", "internal/hook", "internal/identity", "internal/importer",
		"internal/incomplete", "internal/library", "internal/looks", "internal/membership", "internal/reachable",
		"internal/mirror", "internal/reputation", "internal/search", "internal/share", "internal/streaming",
		"internal/timetable", "internal/trackerhost", "internal/trust", "internal/update", "internal/watch",
	},
	5: {"internal/config", "internal/health", "internal/metrics", "internal/node", "internal/settings"},
	6: {"cmd", "internal/api", "internal/cli", "internal/compat", "internal/management", "internal/webui", "web"},

	beside: {"bench", "e2e", "internal/house", "scripts", "sim", "swarm/sim"},
}

// floor returns where a package lives, or -1 if the table does not know it.
func floor(dir string) int {
	best, at := "", -1
	for n, roots := range floors {
		for _, root := range roots {
			if tree.Below(dir, root) && len(root) > len(best) {
				best, at = root, n
			}
		}
	}
	return at
}

// ban keeps some imports out of some packages.
type ban struct {
	in      []string // packages, and those below them
	not     []string // import paths and, for modules, those below them
	except  []string // packages in which it is allowed all the same
	because string
}

var bans = []ban{
	{
		in:      []string{"metainfo", "peerwire", "internal/merkle", "internal/wire"},
		not:     []string{"net/http", "os", "os/exec", Module + "/internal/netpolicy"},
		because: "formats turn bytes into types and do no I/O of their own, so that they can be fuzzed and reused anywhere",
	},
	{
		in: []string{
			"swarm/internal/picker", "swarm/internal/choker", "swarm/internal/pipeline",
			"swarm/internal/limiter", "swarm/internal/conns", "swarm/internal/pex", "swarm/internal/superseed", "swarm/internal/queue",
			"swarm/internal/dialect", "swarm/internal/hear", "swarm/internal/serve", "swarm/internal/interest", "swarm/internal/pulse", "swarm/internal/conduct",
			"tracker/message", "tracker/schedule", "tracker/internal/datagram", "tracker/server/request", "tracker/server/throttle",
		},
		not: []string{
			"net", "net/http", "os", "context", "log/slog",
			Module + "/internal/vfs", Module + "/internal/netpolicy", Module + "/internal/transport",
		},
		because: "decisions are sans-IO: time and chance come in as arguments, so that a seed replays a run exactly",
	},
	{
		in:      []string{"btls"},
		not:     []string{Module + "/peerwire", Module + "/metainfo", Module + "/internal/transport"},
		because: "BitTorrent over TLS is a protocol for other engines as well: it knows nothing of this one",
	},
	{
		in:      []string{"."},
		not:     []string{"github.com/alecthomas/kong", "github.com/vbauerster/mpb", "golang.org/x/term"},
		except:  []string{"cmd", "internal/cli"},
		because: "flags, bars and terminals belong to the surface; the library is imported by programs without one",
	},
	{
		in:      []string{"."},
		not:     []string{"github.com/anacrolix"},
		except:  []string{"internal/transport/mse", "internal/dht/engine"},
		because: "only the MSE handshake and the tables of the DHT are borrowed; another engine's types must not spread into this one",
	},
	{
		in:      []string{"."},
		not:     []string{"unsafe"},
		because: "no speed measured here needs it, and memory safety is half of why this is written in Go",
	},
	{
		in:      []string{"."},
		not:     []string{"golang.org/x/sys/unix", "golang.org/x/sys/windows"},
		except:  []string{"internal/vfs", "internal/netpolicy", "bench", "e2e"},
		because: "what differs between systems is written once, on the ground floor",
	},
	{
		in:      []string{"."},
		not:     []string{"github.com/cosmos", "github.com/cometbft", "cosmossdk.io"},
		because: "the ledger is a second executable in a module of its own: the node carries no blockchain",
	},
	{
		in:      []string{"."},
		not:     []string{"io/ioutil", "math/rand"},
		because: "replaced by package os and math/rand/v2; the old ones keep a state all share",
	},
}

// Layers checks that imports run downwards and keep the bans. Tests are free to
// import fakes and harnesses, but not what lies on a higher floor.
func Layers(t *tree.Tree) []string {
	var broken []string
	for _, f := range t.Go {
		from := floor(f.Dir)
		if from < 0 {
			broken = append(broken, fmt.Sprintf("%s: package %s has no floor: give it one in internal/house/layers.go, or it could import anything", f.Path, f.Dir))
			continue
		}
		for _, spec := range f.AST.Imports {
			to, _ := strconv.Unquote(spec.Path.Value) // the parser has checked it
			for _, why := range wrongImport(f, from, to) {
				broken = append(broken, fmt.Sprintf("%s: imports %s: %s", t.At(spec), to, why))
			}
		}
	}
	return broken
}

func wrongImport(f *tree.GoFile, from int, to string) (why []string) {
	if dir, ok := strings.CutPrefix(to, Module+"/"); ok {
		switch n := floor(dir); {
		case n == beside && from != beside:
			why = append(why, "what stands beside the house is not part of it")
		case n > from:
			why = append(why, fmt.Sprintf("floor %d must not know floor %d: imports run only downwards", from, n))
		}
	}
	if f.Test {
		return why
	}
	for _, b := range bans {
		if anyBelow(f.Dir, b.in) && banned(to, b.not) && !anyBelow(f.Dir, b.except) {
			why = append(why, b.because)
		}
	}
	return why
}

// anyBelow reports whether dir is one of roots or below one; "." is above all.
func anyBelow(dir string, roots []string) bool {
	for _, root := range roots {
		if root == "." || tree.Below(dir, root) {
			return true
		}
	}
	return false
}

// banned reports whether an import path is on a list. In the standard library
// net/netip is no part of net.
func banned(to string, list []string) bool {
	for _, p := range list {
		if to == p || strings.Contains(p, ".") && tree.Below(to, p) {
			return true
		}
	}
	return false
}
