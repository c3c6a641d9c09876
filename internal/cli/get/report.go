package get

import (
	"fmt"
	"path/filepath"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/progress"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// report says in plain words what happened.
func (g *Command) report(c *console.Console, t *swarm.Torrent) error {
	s := t.Status()
	meta := t.Metainfo()
	path, err := filepath.Abs(filepath.Join(g.Dir, filepath.FromSlash(meta.Info.Name)))
	if err != nil {
		return err
	}
	ev := progress.Event(console.Done, t)
	ev.Path, ev.Seconds = path, s.Running.Seconds()
	ev.RateBPS = words.RateOver(s.Received, s.Running)
	if err := c.Emit(ev); err != nil {
		return err
	}
	c.Say("%q is complete.", words.Plain(meta.Info.Name))
	if s.Received == 0 {
		c.Say("  Everything was here already: %s.", words.Bytes(s.Wanted))
	} else {
		c.Say("  Fetched %s in %s, %s on average.", words.Bytes(s.Received), words.Duration(s.Running), words.Rate(ev.RateBPS))
		if kept := s.Wanted - s.Received; kept > 0 {
			c.Say("  The other %s were here already.", words.Bytes(kept))
		}
		c.Say("  %s", secrecy(s))
	}
	c.Say("  %s", verified(meta, s))
	c.Say("  It lies in %s", words.Plain(path))
	return nil
}

// secrecy says how much was encrypted.
func secrecy(s swarm.Status) string {
	switch all := s.Received + s.Sent; {
	case s.SecretBytes == all:
		return "All of it came over TLS."
	case s.SecretBytes == 0:
		return "None of it came over TLS: it was not protected from those who carried it."
	default:
		return fmt.Sprintf("%d%% of it went over TLS; the rest was not protected from those who carried it.", words.Percent(s.SecretBytes, all))
	}
}

// verified says against what the content was checked.
func verified(meta *metainfo.Torrent, s swarm.Status) string {
	sum := "SHA-1"
	switch h := meta.Hashes(); {
	case h.HasV1 && h.HasV2:
		sum = "SHA-1 and SHA-256"
	case h.HasV2:
		sum = "SHA-256"
	}
	text := fmt.Sprintf("%s, each checked by its %s.", words.Count(s.Pieces, "piece", "pieces"), sum)
	if s.Corrupt > 0 {
		text += fmt.Sprintf("\n  %s of wrong data were thrown away, %s banned.",
			words.Bytes(s.Corrupt), words.Count(s.Banned, "peer was", "peers were"))
	}
	return text
}
