package torrentcmd

import (
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/torrentfile"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

// Edit changes what lies outside the info dictionary.
type Edit struct {
	File       string   `arg:"" help:"The torrent file."`
	Out        string   `short:"o" placeholder:"FILE" help:"Write the result to this file instead of changing the torrent in place."`
	Tracker    []string `sep:"none" xor:"trackers" placeholder:"URL" help:"Replace the trackers by this one; may be given several times, commas join equals."`
	NoTrackers bool     `xor:"trackers" help:"Remove all trackers."`
	WebSeed    []string `sep:"none" xor:"seeds" placeholder:"URL" help:"Replace the web seeds by this one; may be given several times."`
	NoWebSeeds bool     `xor:"seeds" help:"Remove all web seeds."`
	Comment    string   `xor:"comment" placeholder:"TEXT" help:"Replace the comment."`
	NoComment  bool     `xor:"comment" help:"Remove the comment."`

	// What people may expect here and cannot be: it would be another torrent.
	Name        *string `hidden:""`
	Private     *bool   `hidden:"" negatable:""`
	Source      *string `hidden:""`
	PieceLength *string `hidden:""`
	Kind        *string `hidden:""`
}

// ErrInfoHash reports a change that would make another torrent.
var ErrInfoHash = errors.New("the info-hash would change")

// Help tells what the flags do not.
func (*Edit) Help() string {
	return "The content and its info-hash stay as they are: peers of the old file and of the new one are in one swarm. " +
		"What the info-hash covers (name, files, piece length, private, source) cannot be edited."
}

// Run edits.
func (e *Edit) Run(c *console.Console) error {
	if err := e.check(); err != nil {
		return err
	}
	tiers, err := tiers(e.Tracker)
	if err != nil {
		return err
	}
	if err := webSeeds(e.WebSeed); err != nil {
		return err
	}
	t, err := torrentfile.Read(e.File)
	if err != nil {
		return err
	}
	if len(tiers) > 0 || e.NoTrackers {
		t.SetTrackers(tiers)
	}
	if len(e.WebSeed) > 0 || e.NoWebSeeds {
		t.URLList = e.WebSeed
	}
	if e.Comment != "" || e.NoComment {
		t.Comment = e.Comment
	}
	out := e.Out
	if out == "" {
		out = e.File
	}
	if err := write(out, t); err != nil {
		return err
	}
	ev := console.Of(console.Done, t)
	ev.Torrent, ev.Magnet = out, magnet.Of(t).String()
	if err := c.Emit(ev); err != nil {
		return err
	}
	c.Say("Wrote %s. Content and info-hash are as before:", out)
	sayHashes(c, t.Hashes())
	return nil
}

// check refuses what cannot be edited and a command that edits nothing.
func (e *Edit) check() error {
	for _, f := range []struct {
		name  string
		given bool
	}{
		{"--name", e.Name != nil}, {"--private", e.Private != nil}, {"--source", e.Source != nil},
		{"--piece-length", e.PieceLength != nil}, {"--kind", e.Kind != nil},
	} {
		if f.given {
			return console.Usage("%s cannot be edited: %w, so it would be another torrent: "+
				"make a new one with: warren torrent create", f.name, ErrInfoHash)
		}
	}
	if len(e.Tracker)+len(e.WebSeed) == 0 && e.Comment == "" && !e.NoTrackers && !e.NoWebSeeds && !e.NoComment {
		return console.Usage("nothing is to be changed: give --tracker, --web-seed, --comment or one of the --no- flags")
	}
	return nil
}

// write writes a torrent once it is sure that it is still the same one.
func write(path string, t *metainfo.Torrent) error {
	again, err := metainfo.Parse(t.Bytes())
	if err != nil {
		return fmt.Errorf("edit torrent: %w", err)
	}
	if again.Hashes() != t.Hashes() {
		return fmt.Errorf("edit torrent: %w", ErrInfoHash)
	}
	return torrentfile.Write(path, t)
}
