package torrentcmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/torrentfile"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/verify"
)

// Verify checks content.
type Verify struct {
	File string `arg:"" help:"The torrent file."`
	Dir  string `placeholder:"DIR" help:"Directory the content lies in; the one the torrent is in by default."`
}

// maxListed is how many bad files people are told; programs are told all.
const maxListed = 50

// Run checks. The error says how much is wrong.
func (v *Verify) Run(ctx context.Context, c *console.Console) (err error) {
	t, err := torrentfile.Read(v.File)
	if err != nil {
		return err
	}
	if v.Dir == "" {
		v.Dir = filepath.Dir(v.File)
	}
	dir, err := vfs.OpenDir(v.Dir)
	if err != nil {
		return fmt.Errorf("open %s: %w: say with --dir where the content lies", v.Dir, console.Cause(err))
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	h := console.NewHashing(c.Clock, "verifying", t.Info.Name)
	stop := c.Watch(h)
	r, err := verify.Content(ctx, t, dir, ".", verify.Options{Progress: h.Progress})
	stop()
	if err != nil {
		return err
	}
	return v.report(c, t, r, h)
}

func (v *Verify) report(c *console.Console, t *metainfo.Torrent, r *verify.Report, h *console.Hashing) error {
	good, total := goodBytes(t, r), t.Info.TotalLength()
	name := words.Plain(t.Info.Name)
	ev := console.Of(console.Done, t)
	ev.Bytes, ev.Seconds, ev.RateBPS = good, h.Took().Seconds(), words.RateOver(total, h.Took())
	ev.Path = filepath.Join(v.Dir, filepath.FromSlash(t.Info.Name))
	ev.BadFiles = badFiles(t, r)
	if r.Complete() {
		c.Say("%q is complete and right: %s in %s, checked in %s.", name, words.Bytes(total),
			words.Count(torrentfile.Files(t), "file", "files"), words.Duration(h.Took()))
		return c.Emit(ev)
	}
	for i, b := range ev.BadFiles {
		if i == maxListed {
			c.Say("  and %s more; --json lists all", words.Count(len(ev.BadFiles)-i, "file", "files"))
			break
		}
		c.Say("  %s: %s", words.Plain(b.Path), describe(b))
	}
	err := fmt.Errorf("verify %q in %s: %s of %s wrong or missing: to fetch them again, over what is there: warren get %s --dir %s",
		name, words.Plain(v.Dir), words.Number(r.NumPieces-r.NumGood), words.Count(r.NumPieces, "piece is", "pieces are"), words.Shell(v.File), words.Shell(v.Dir))
	if r.NumGood == r.NumPieces { // only what no piece covers
		err = fmt.Errorf("verify %q in %s: %s wrong or missing", name, v.Dir, words.Count(len(ev.BadFiles), "file is", "files are"))
	}
	ev.Event, ev.Error = console.Failed, err.Error()
	return &console.ToldError{Err: err, Emit: c.Emit(ev)}
}

func describe(b console.BadFile) string {
	switch {
	case b.BadPieces == 0:
		return b.Reason
	case b.Reason == "":
		return fmt.Sprintf("%s wrong, the first is piece %d", words.Count(b.BadPieces, "piece is", "pieces are"), b.FirstBad)
	}
	return b.Reason
}

func badFiles(t *metainfo.Torrent, r *verify.Report) []console.BadFile {
	var list []console.BadFile
	for i := range r.Files {
		f := &r.Files[i]
		if f.Good() {
			continue
		}
		b := console.BadFile{Path: t.Info.Files[i].Name(), BadPieces: f.BadPieces, FirstBad: f.FirstBad}
		if f.Err != nil {
			b.Reason = reason(f.Err)
		}
		list = append(list, b)
	}
	return list
}

func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "is missing"
	case errors.Is(err, verify.ErrShort):
		return "is shorter than the torrent says"
	case errors.Is(err, verify.ErrLong):
		return "is longer than the torrent says"
	case errors.Is(err, metainfo.ErrSymlink):
		return "is not the symbolic link the torrent says"
	}
	return console.Cause(err).Error()
}

func goodBytes(t *metainfo.Torrent, r *verify.Report) (n int64) {
	for i := range r.NumPieces {
		if r.Has(i) {
			n += int64(t.Info.DataLen(i))
		}
	}
	return min(n, t.Info.TotalLength())
}
