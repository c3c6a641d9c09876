package act

import (
	"context"
	"encoding/base64"
	"errors"
	"path/filepath"
	"strings"

	"github.com/warren-p2p/warren/internal/compat/transmission/message"
	"github.com/warren-p2p/warren/internal/compat/transmission/remembered"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm"
)

var (
	errNoTorrent = message.Refuse(message.CodeInvalidParams, "no filename or metainfo specified")
	errCorrupt   = message.Refuse(message.CodeCorrupt, "invalid or corrupt torrent file")
)

// Add answers torrent_add.
func (a *Actor) Add(ctx context.Context, args message.Args) (message.Object, error) {
	var o message.Object
	add, err := a.wanted(ctx, args)
	if err != nil {
		return o, err
	}
	t, err := a.cfg.Library.Add(ctx, *add)
	name := "torrent_added"
	switch {
	case errors.Is(err, library.ErrDuplicate) && t != nil:
		name = "torrent_duplicate"
	case err != nil:
		return o, refusal(err)
	default:
		if err := a.remember(ctx, t, args); err != nil {
			return o, err
		}
	}
	var said message.Object
	said.Set("hash_string", t.Key())
	said.Set("id", t.ID())
	said.Set("name", t.View().Name)
	o.Style = message.Kebab
	o.Set(name, said)
	return o, nil
}

// wanted returns what a torrent_add wants of the library.
func (a *Actor) wanted(ctx context.Context, args message.Args) (*library.Add, error) {
	file, named := args.String("filename")
	text, given := args.String("metainfo")
	if file == "" && text == "" || !named && !given {
		return nil, errNoTorrent
	}
	dir, _ := args.String("download_dir")
	if dir != "" && !filepath.IsAbs(dir) {
		return nil, message.Refuse(message.CodeNotAbsolute, "download directory path is not absolute")
	}
	labels, _ := args.Strings("labels")
	if err := checkLabels(labels); err != nil {
		return nil, err
	}
	kept := a.cfg.Memory.Session()
	paused, said := args.Bool("paused")
	if !said {
		paused = kept.Paused
	}
	add := &library.Add{Dir: dir, Labels: labels, Paused: &paused, Sequential: kept.Sequential}
	if on, ok := args.Bool("sequential_download"); ok {
		add.Sequential = on
	}
	if n, ok := args.Int("peer_limit"); ok {
		add.MaxPeers = int(min(max(n, 0), 1<<16))
	}
	if err := a.source(ctx, add, file, text, args); err != nil {
		return nil, err
	}
	var err error
	add.Priorities, err = priorities(args, indices(add.Metainfo), false)
	return add, err
}

// source finds out what is to be added: a file, a link, or what either is fetched
// from.
func (a *Actor) source(ctx context.Context, add *library.Add, file, text string, args message.Args) error {
	var bytes []byte
	var err error
	switch lower := strings.ToLower(file); {
	case text != "":
		if bytes, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), "")); err != nil {
			return errCorrupt
		}
	case strings.HasPrefix(lower, "http://"), strings.HasPrefix(lower, "https://"):
		cookies, _ := args.String("cookies")
		var link string
		if bytes, link, err = a.cfg.Fetch(ctx, file, cookies); err != nil {
			return message.Refuse(message.CodeHTTP, "fetch the torrent: "+err.Error())
		}
		if link != "" {
			file, bytes = link, nil
		}
	case strings.HasPrefix(lower, "magnet:"):
	case filepath.IsAbs(file):
		if bytes, err = a.cfg.ReadFile(file); err != nil {
			return errCorrupt
		}
	default:
		return errCorrupt
	}
	if bytes == nil {
		if add.Magnet, err = magnet.Parse(file); err != nil {
			return errCorrupt
		}
		return nil
	}
	if add.Metainfo, err = metainfo.Parse(bytes); err != nil {
		return errCorrupt
	}
	return nil
}

func (a *Actor) remember(ctx context.Context, t *library.Torrent, args message.Args) error {
	return a.cfg.Memory.ChangeTorrent(ctx, t.ID(), func(r *remembered.Torrent) { keep(r, args) })
}

// keep notes what a node has no use for.
func keep(r *remembered.Torrent, args message.Args) {
	if n, ok := args.Int("bandwidth_priority"); ok && n >= -1 && n <= 1 {
		r.Priority = n
	}
	if on, ok := args.Bool("honors_session_limits"); ok {
		r.Alone = !on
	}
	if n, ok := args.Int("sequential_download_from_piece"); ok {
		r.From = max(n, 0)
	}
}

// indices returns the files of a torrent as programs number them: without padding.
// It is nil if they are not known.
func indices(m *metainfo.Torrent) (list []int) {
	if m == nil {
		return nil
	}
	for i := range m.Info.Files {
		if !m.Info.Files[i].Pad {
			list = append(list, i)
		}
	}
	return list
}

var errFile = message.Refuse(message.CodeFileIndex, "file index out of range")

// priorities returns how much files are wanted. Files are their places in
// metainfo.Info.Files. An empty list means all of them if that is said.
func priorities(args message.Args, files []int, emptyIsAll bool) (map[int]swarm.Priority, error) {
	out := make(map[int]swarm.Priority)
	for _, step := range []struct {
		name string
		prio swarm.Priority
	}{
		{"files_wanted", swarm.Normal}, {"priority_low", swarm.Low}, {"priority_normal", swarm.Normal}, {"priority_high", swarm.High},
		{"files_unwanted", swarm.Skip},
	} {
		list, given := args.Ints(step.name)
		if given && len(list) == 0 && emptyIsAll {
			for i := range files {
				list = append(list, int64(i))
			}
		}
		for _, n := range list {
			switch {
			case files == nil && n >= 0 && n < 1<<31:
				out[int(n)] = step.prio
			case n < 0 || n >= int64(len(files)):
				return nil, errFile
			default:
				out[files[n]] = step.prio
			}
		}
	}
	return out, nil
}

func checkLabels(list []string) error {
	seen := make(map[string]bool, len(list))
	for _, l := range list {
		switch {
		case strings.TrimSpace(l) == "":
			return message.Refuse(message.CodeInvalidParams, "labels cannot be empty")
		case strings.Contains(l, ","):
			return message.Refuse(message.CodeInvalidParams, "labels cannot contain comma (,) character")
		case seen[strings.TrimSpace(l)]:
			return message.Refuse(message.CodeInvalidParams, "labels cannot contain duplicates")
		}
		seen[strings.TrimSpace(l)] = true
	}
	return nil
}
