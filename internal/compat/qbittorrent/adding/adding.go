// Package adding is the method of the WebAPI that adds torrents: from files, magnet
// links, info-hashes and addresses of files.
package adding

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"path"
	"strings"

	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/call"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/form"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/groups"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/pick"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

// Adder answers for the method.
type Adder struct {
	Library pick.Library
	Log     *slog.Logger
	// Fetch returns the torrent file at a URL, or the magnet link it leads to; nil
	// fetches nothing.
	Fetch func(ctx context.Context, url string) (file []byte, magnet string, err error)
}

// Methods returns the method by its name.
func (d Adder) Methods() map[string]call.Method {
	return map[string]call.Method{"add": call.Post(d.add)}
}

// add adds torrents. It is answered "Ok." if one of them was added, and "Fails." if
// none was.
func (d Adder) add(c *call.Call) error {
	a := c.Add()
	base, err := d.wanted(a)
	if err != nil {
		return err
	}
	var list []library.Add
	for _, f := range a.Files {
		m, err := metainfo.Parse(f.Content)
		if err != nil {
			return &form.Refusal{Status: http.StatusUnsupportedMediaType, Text: "Error: '" + f.Name + "' is not a valid torrent file."}
		}
		one := base
		one.Metainfo = m
		list = append(list, one)
	}
	for _, url := range a.URLs {
		one := base
		if err := d.resolve(c.Context(), url, &one); err != nil {
			d.Log.Info("a program names a torrent that is not to be had", "err", err)
			continue
		}
		list = append(list, one)
	}
	audit.Say(c.Context(), "torrents.add", "")
	added := false
	for _, one := range list {
		err := d.take(c.Context(), one, a)
		switch {
		case err == nil:
			added = true
		case !errors.Is(err, library.ErrDuplicate):
			d.Log.Info("a torrent of a program is not added", "err", err)
		}
	}
	if !added {
		return c.Text("Fails.")
	}
	return c.Text("Ok.")
}

// wanted returns what holds for all torrents of a request.
func (d Adder) wanted(a form.Add) (library.Add, error) {
	out := library.Add{
		Name: a.Name, Category: a.Category, Labels: a.Tags, Paused: a.Paused, Sequential: a.Sequential, FirstLast: a.FirstLast,
		UpLimit: a.UpLimit, DownLimit: a.DownLimit, Goal: pick.Goal(a.Limits),
	}
	if a.Category != "" && !groups.ValidName(a.Category) {
		return out, call.Conflict("Incorrect category name")
	}
	if a.SavePath == "" || a.Auto {
		return out, nil
	}
	var err error
	out.Dir, err = d.Library.Folder(a.SavePath)
	return out, err
}

// resolve finds out what a URL is of.
func (d Adder) resolve(ctx context.Context, url string, a *library.Add) (err error) {
	if hash := strings.ToLower(url); len(hash) == 40 || len(hash) == 64 { // an info-hash alone
		kind := map[int]string{40: "btih:", 64: "btmh:1220"}[len(hash)]
		if link, err := magnet.Parse("magnet:?xt=urn:" + kind + hash); err == nil {
			a.Magnet = link
			return nil
		}
	}
	if strings.HasPrefix(strings.ToLower(url), "magnet:") {
		a.Magnet, err = magnet.Parse(url)
		return err
	}
	if d.Fetch == nil {
		return errors.New("nothing is fetched from the web")
	}
	file, link, err := d.Fetch(ctx, url)
	switch {
	case err != nil:
		return err
	case link != "":
		a.Magnet, err = magnet.Parse(link)
	default:
		a.Metainfo, err = metainfo.Parse(file)
	}
	return err
}

// take adds one torrent.
func (d Adder) take(ctx context.Context, a library.Add, how form.Add) error {
	if a.Metainfo != nil {
		a.Paths = lay(&a.Metainfo.Info, how.Layout)
	}
	one, err := d.Library.Add(ctx, a)
	if err != nil || !how.Top {
		return err
	}
	return d.Library.SetPosition(ctx, one, 0)
}

// lay returns the paths that files have with a folder around them, or without it, as far
// as they differ from those in the torrent.
func lay(info *metainfo.Info, l form.Layout) map[int]string {
	if l == form.NoSubfolder && !info.MultiFile || l == form.Subfolder && info.MultiFile || l != form.NoSubfolder && l != form.Subfolder {
		return nil
	}
	paths := map[int]string{}
	for i := range info.Files {
		from := info.Files[i].Name()
		_, to, _ := strings.Cut(from, "/")
		if l == form.Subfolder {
			to = path.Join(strings.TrimSuffix(from, path.Ext(from)), from)
		}
		if !info.Files[i].Pad {
			paths[i] = to
		}
	}
	return paths
}
