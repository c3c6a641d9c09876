package main

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/warren-p2p/warren/bench/internal/report"
	"github.com/warren-p2p/warren/bench/internal/workspace"
)

// options is the command line. Sizes are in MiB.
type options struct {
	parts, kinds, clients []string
	warren, python, node  string
	crowd                 string
	docs, shm             string
	size, hashSize, touch int64
	hashFiles, reps       int
	torrents              int
	timeout, settle       time.Duration
	reference             string
	chihaya               string
}

// The piece lengths: this project's default, and one that suits small files.
const (
	pieceLength     = 512 << 10
	treePieceLength = 64 << 10
)

// manyDownloaders is how many fetch at once in the part many.
const manyDownloaders = 4

// slowSize is the content of the part slow, in MiB: 20 s and more, of which the
// start of a connection is one.
const slowSize = 512

// The part swarm: how many share, what the seeder may send in a second, and
// how much there is to fetch, in bytes and MiB.
const (
	swarmDownloaders = 8
	swarmLimit       = 16 << 20
	swarmSize        = 128
)

// onlyReport writes the document anew from earlier results.
const onlyReport = "report"

var errUsage = errors.New("usage")

func parse(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := f.String("only", strings.Join(report.Parts(), ","), "parts to measure, or report")
	kinds := f.String("kinds", "v1,v2,hybrid", "kinds of torrent for transfer and hash")
	clients := f.String("clients", "warren,aria2,libtorrent,transmission", "programs to run in transfers")
	f.StringVar(&o.warren, "warren", "bin/warren", "warren's binary")
	f.StringVar(&o.python, "python", "/usr/bin/python3", "a Python that has libtorrent")
	f.StringVar(&o.node, "node", "bench/libtorrent/node.py", "the script that runs libtorrent")
	f.StringVar(&o.crowd, "crowd", "bench/libtorrent/crowd.py", "the script that runs libtorrent with many torrents")
	f.StringVar(&o.docs, "docs", "docs", "directory of benchmarks.json and benchmarks.md")
	f.StringVar(&o.shm, "shm", workspace.Shm, "a tmpfs to work in")
	f.Int64Var(&o.size, "size", 1024, "content of a transfer, MiB")
	f.Int64Var(&o.hashSize, "hash-size", 2048, "the big file to hash, MiB")
	f.IntVar(&o.hashFiles, "hash-files", 20000, "number of small files to hash")
	f.Int64Var(&o.touch, "touch", -1, "memory to touch first, MiB; -1 for most of what is free")
	f.IntVar(&o.reps, "reps", 3, "repetitions; the best one counts")
	f.DurationVar(&o.timeout, "timeout", 180*time.Second, "the longest a repetition may take")
	f.IntVar(&o.torrents, "torrents", 10_000, "number of torrents to have")
	f.DurationVar(&o.settle, "settle", time.Minute, "when a session with many torrents is looked at, after its start")
	f.StringVar(&o.reference, "reference", "", "shell `command` of another raw pipeline that prints \"N MB/s\", run by turns with the part limit; it has to write a new file each time, as that part does")
	f.StringVar(&o.chihaya, "chihaya", "", "chihaya's binary, for the part tracker; Debian has none")
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		*only, args = args[0], args[1:]
	}
	if err := f.Parse(args); err != nil {
		return o, fmt.Errorf("%w: %w", errUsage, err)
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("%w: unexpected %q", errUsage, f.Args())
	}
	o.parts, o.kinds, o.clients = split(*only), split(*kinds), split(*clients)
	return o, o.check()
}

func (o options) check() error {
	for _, list := range []struct {
		name        string
		given, good []string
	}{
		{"part", o.parts, append(report.Parts(), onlyReport)},
		{"kind", o.kinds, []string{"v1", "v2", "hybrid"}},
		{"client", o.clients, []string{"warren", "aria2", "libtorrent", "transmission"}},
	} {
		for _, g := range list.given {
			if !slices.Contains(list.good, g) {
				return fmt.Errorf("%w: unknown %s %q, there are %s", errUsage, list.name, g, strings.Join(list.good, ", "))
			}
		}
	}
	if o.size < 16 || o.hashSize < 1 || o.hashFiles < 1 || o.reps < 1 || o.torrents < 1 {
		return fmt.Errorf("%w: at least 16 MiB to transfer, 1 MiB and 1 file to hash, 1 torrent, 1 repetition", errUsage)
	}
	return nil
}

func (o options) wants(part string) bool { return slices.Contains(o.parts, part) }
func (o options) has(client string) bool { return slices.Contains(o.clients, client) }
func (o options) transfers() bool {
	return o.wants(report.Transfer) || o.wants(report.MTU) || o.wants(report.Many) || o.wants(report.Levels)
}

func split(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}

// String is the command line that measures the same, without what only this
// machine knows.
func (o options) String() string {
	return fmt.Sprintf("%s -kinds %s -clients %s -size %d -hash-size %d -hash-files %d -touch %d -reps %d -torrents %d -settle %v -timeout %v",
		strings.Join(o.parts, ","), strings.Join(o.kinds, ","), strings.Join(o.clients, ","), o.size, o.hashSize, o.hashFiles, o.touch, o.reps, o.torrents, o.settle, o.timeout)
}
