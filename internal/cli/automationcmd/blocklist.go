package automationcmd

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/warren-p2p/warren/internal/api/automation"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/words"
)

// Blocklist is the group of commands about addresses that are not spoken to.
type Blocklist struct {
	List    blockList    `cmd:"" help:"Show the lists of addresses that are not spoken to."`
	Add     blockAdd     `cmd:"" help:"Heed a list from now on."`
	Remove  blockRemove  `cmd:"" help:"Heed a list no more."`
	Refresh blockRefresh `cmd:"" help:"Read all lists now."`
}

// list is one as --json tells of it.
type list struct {
	Event string `json:"event"`
	automation.BlockList
}

type blockList struct{}

// Run shows the lists.
func (*blockList) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		var all automation.BlockLists
		if err := n.Get(ctx, "/block-lists", nil, &all); err != nil {
			return err
		}
		if len(all.Lists) == 0 {
			c.Say("There are no lists: the node speaks to everybody. To heed one: warren blocklist add FILE-OR-URL")
		}
		for _, l := range all.Lists {
			describe(c, &l)
			if err := c.Emit(list{"list", l}); err != nil {
				return err
			}
		}
		return nil
	})
}

func describe(c *console.Console, l *automation.BlockList) {
	c.Say("%s", words.Plain(l.Location))
	if !l.Loaded.IsZero() {
		skipped := ""
		if l.Skipped > 0 {
			skipped = ", " + words.Count(l.Skipped, "line", "lines") + " not understood"
		}
		c.Say("  %s, read %s%s", words.Count(l.Ranges, "range", "ranges"), c.Ago(l.Loaded), skipped)
	} else if l.Problem == "" {
		c.Say("  not read yet")
	}
	if l.Problem != "" {
		c.Say("  cannot be read: %s", words.Plain(l.Problem))
	}
}

type blockAdd struct {
	Source string `arg:"" help:"A file or a URL: ipfilter.dat, P2P text, or addresses, ranges and CIDR prefixes, gzipped or not."`
}

// location returns what was typed as the node has it.
func location(source string) (string, error) {
	if strings.Contains(source, "://") {
		return source, nil
	}
	return Full(source)
}

// Run heeds a list. One that is heeded already is told, and no failure.
func (b *blockAdd) Run(ctx context.Context, c *console.Console) error {
	at, err := location(b.Source)
	if err != nil {
		return err
	}
	return remote.With(c, func(n *remote.Node) error {
		var all automation.BlockLists
		err := n.Do(ctx, http.MethodPost, "/block-lists", automation.NewBlockList{Location: at}, &all)
		if p, ok := errors.AsType[*remote.Problem](err); ok && p.Of("duplicate") {
			c.Say("%s is heeded already.", words.Plain(at))
			return c.Emit(list{"there", automation.BlockList{Location: at}})
		}
		if err != nil {
			return err
		}
		for _, l := range all.Lists {
			if l.Location == at {
				describe(c, &l)
				return c.Emit(list{"added", l})
			}
		}
		return nil
	})
}

type blockRemove struct {
	Source string `arg:"" help:"The file or URL, as list shows it."`
}

// Run heeds a list no more.
func (b *blockRemove) Run(ctx context.Context, c *console.Console) error {
	at, err := location(b.Source)
	if err != nil {
		return err
	}
	return remote.With(c, func(n *remote.Node) error {
		err := n.Do(ctx, http.MethodDelete, "/block-lists?"+url.Values{"location": {at}}.Encode(), nil, nil)
		if err != nil {
			return fmt.Errorf("%s: %w", words.Plain(at), err)
		}
		c.Say("%s is heeded no more.", words.Plain(at))
		return c.Emit(list{"removed", automation.BlockList{Location: at}})
	})
}

type blockRefresh struct{}

// Run has all lists read.
func (*blockRefresh) Run(ctx context.Context, c *console.Console) error {
	return remote.With(c, func(n *remote.Node) error {
		if err := n.Do(ctx, http.MethodPost, "/block-lists/refresh", nil, nil); err != nil {
			return err
		}
		c.Say("The node reads now; `warren blocklist list` shows what came of it.")
		return nil
	})
}
