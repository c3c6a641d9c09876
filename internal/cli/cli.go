// Package cli is the command line: it reads the flags, runs one command and
// turns how that ended into an exit code.
package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"github.com/warren-p2p/warren/internal/cli/automationcmd"
	"github.com/warren-p2p/warren/internal/cli/backupcmd"
	"github.com/warren-p2p/warren/internal/cli/bench"
	"github.com/warren-p2p/warren/internal/cli/completion"
	"github.com/warren-p2p/warren/internal/cli/configcmd"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/control"
	"github.com/warren-p2p/warren/internal/cli/credentialcmd"
	"github.com/warren-p2p/warren/internal/cli/feedscmd"
	"github.com/warren-p2p/warren/internal/cli/get"
	"github.com/warren-p2p/warren/internal/cli/idcmd"
	"github.com/warren-p2p/warren/internal/cli/importcmd"
	"github.com/warren-p2p/warren/internal/cli/run"
	"github.com/warren-p2p/warren/internal/cli/share"
	"github.com/warren-p2p/warren/internal/cli/sharing"
	"github.com/warren-p2p/warren/internal/cli/tokencmd"
	"github.com/warren-p2p/warren/internal/cli/torrentcmd"
	"github.com/warren-p2p/warren/internal/cli/trackercmd"
	"github.com/warren-p2p/warren/internal/clock"
)

// Exit codes.
const (
	ExitDone        = 0
	ExitFailed      = 1
	ExitUsage       = 2
	ExitInterrupted = 130 // as shells report SIGINT
)

// Streams is what a command reads and writes beside files.
type Streams struct {
	Out, Err io.Writer
	Getenv   func(string) string
}

// commands is the grammar; kong reads it by reflection.
type commands struct {
	Home string `placeholder:"DIR" help:"Directory of the node's own state; $WARREN_HOME or the XDG data directory by default. Two homes are two nodes."`
	JSON bool   `name:"json" help:"Print one JSON object a line, for programs."`

	Run        run.Command              `cmd:"" help:"Run a node: what it has is shared and fetched until it is stopped."`
	Config     configcmd.Config         `cmd:"" help:"Show and check how a node is configured."`
	Share      share.Command            `cmd:"" help:"Share files: make a torrent and seed it until interrupted."`
	Shares     sharing.Shares           `cmd:"" help:"Show, end and publish what the running node shares by links; share list, share revoke and share publish are the same."`
	Get        get.Command              `cmd:"" help:"Fetch the content of a torrent."`
	Torrent    torrentcmd.Torrent       `cmd:"" help:"Make, show, check and change torrent files."`
	Credential credentialcmd.Credential `cmd:"" help:"Say who may join what is shared at level full-strict."`
	List       control.List             `cmd:"" help:"Show the torrents of the running node."`
	Add        control.Add              `cmd:"" help:"Give torrents to the running node."`
	Pause      control.Pause            `cmd:"" help:"Stop torrents of the running node for a while."`
	Resume     control.Resume           `cmd:"" help:"Let torrents of the running node go on."`
	Remove     control.Remove           `cmd:"" help:"Take torrents from the running node."`
	Limits     control.Limits           `cmd:"" help:"Show or set how fast the running node sends and receives."`
	Status     control.Status           `cmd:"" help:"Show how the running node stands."`
	Feeds      feedscmd.Feeds           `cmd:"" help:"Say which feeds the running node reads, and what it fetches of them."`
	Watch      automationcmd.Watch      `cmd:"" help:"Say which folders the running node takes torrent files from."`
	Blocklist  automationcmd.Blocklist  `cmd:"" help:"Say to whom the running node does not speak."`
	ID         idcmd.ID                 `cmd:"" name:"id" help:"Show and change who you are to others."`
	Token      tokencmd.Token           `cmd:"" help:"Say which programs may ask what of the node."`
	Backup     backupcmd.Backup         `cmd:"" help:"Keep the whole node in a file."`
	Restore    backupcmd.Restore        `cmd:"" help:"Bring a node back from a backup."`
	Import     importcmd.Import         `cmd:"" help:"Bring torrents of another program into the node."`
	Tracker    trackercmd.Command       `cmd:"" help:"Run a tracker for everybody, or for those whom you list."`
	Bench      bench.Bench              `cmd:"" help:"Measure how fast this machine does it."`
	Version    versionCommand           `cmd:"" help:"Print the version."`
	Completion completion.Command       `cmd:"" help:"Print a completion script for a shell."`
}

// Run runs the command args name, without the name of the program, and returns
// the exit code. When ctx is done, the command stops cleanly.
func Run(ctx context.Context, args []string, s Streams) int {
	asked := ExitDone // by --help
	if len(args) == 0 {
		args, asked = []string{"--help"}, ExitUsage
	}
	var root commands
	exited := false // after --help, kong goes on unless it exits the process
	parser, err := kong.New(&root,
		kong.Name("warren"),
		kong.Description("Share and fetch files with BitTorrent, over TLS with everybody who has it."),
		kong.Writers(s.Out, s.Err),
		kong.Exit(func(int) { exited = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: helpWidth(s.Out)}),
		kong.ShortUsageOnError(),
	)
	if err != nil {
		panic("grammar of the command line: " + err.Error()) // a mistake in this package
	}
	c := &console.Console{
		Out: s.Out, Err: s.Err, Getenv: s.Getenv, Clock: clock.System{}, Version: Version,
		Terminal: isTerminal(s.Out) && s.Getenv("TERM") != "dumb",
	}
	k, err := parser.Parse(aliased(args))
	if exited {
		return asked
	}
	if err != nil {
		if parse, ok := errors.AsType[*kong.ParseError](err); ok {
			k = parse.Context
		}
		c.JSON = asksJSON(args)
		return report(c, k, &console.UsageError{Err: plainUsage(err)})
	}
	c.Home, c.JSON = root.Home, root.JSON
	k.BindTo(ctx, (*context.Context)(nil))
	err = k.Run(c, parser.Model)
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = console.ErrInterrupted
	}
	return report(c, k, err)
}

// aliased takes what is done with shares for what it is: "share list" is "shares list". To
// share a file of that name, its path is written with "./".
func aliased(args []string) []string {
	for i := 0; i+1 < len(args); i++ {
		if args[i] == "share" && slices.Contains([]string{"list", "revoke", "publish", "unpublish"}, args[i+1]) {
			args = slices.Clone(args)
			args[i] = "shares"
			break
		}
	}
	return args
}

// plainUsage says in words what kong says in signs.
func plainUsage(err error) error {
	text := err.Error()
	if arg, ok := strings.CutPrefix(text, `expected "<`); ok {
		return errors.New("an argument is missing: " + strings.TrimRight(arg, `>" .`))
	}
	if flags, ok := strings.CutPrefix(text, "missing flags: "); ok {
		return errors.New("a flag is missing: " + flags)
	}
	return err
}

// asksJSON looks for --json on a command line that cannot be read.
func asksJSON(args []string) bool {
	return slices.Contains(args, "--json")
}

// report says what went wrong and returns the exit code.
func report(c *console.Console, k *kong.Context, err error) int {
	if err == nil {
		return ExitDone
	}
	if errors.Is(err, console.ErrInterrupted) {
		if len(others(err)) == 0 {
			return ExitInterrupted
		}
		for _, e := range others(err) {
			c.Warn("%v", e)
		}
		return ExitInterrupted
	}
	command := "warren"
	if k != nil && k.Selected() != nil {
		command = strings.TrimSpace(k.Selected().FullPath())
	}
	if _, ok := errors.AsType[*console.ToldError](err); !ok {
		_ = c.Emit(console.Event{Event: console.Failed, Error: err.Error()})
	}
	c.Fail(command, err)
	if _, ok := errors.AsType[*console.UsageError](err); ok {
		return ExitUsage
	}
	return ExitFailed
}

// others returns what err holds beside ErrInterrupted: what failed in stopping.
func others(err error) []error {
	if err == console.ErrInterrupted { // the error itself, not what wraps it
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var rest []error
	for _, e := range joined.Unwrap() {
		rest = append(rest, others(e)...)
	}
	return rest
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// helpWidth returns the columns help is wrapped to.
func helpWidth(w io.Writer) int {
	const readable = 100
	if f, ok := w.(*os.File); ok {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil {
			return min(columns, readable)
		}
	}
	return 80
}
