package act

import (
	"context"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/compat/transmission/message"
	"github.com/warren-p2p/warren/internal/library"
)

// SetLocation answers torrent_set_location: content is moved, or looked for where it
// was moved to by others.
func (a *Actor) SetLocation(ctx context.Context, args message.Args) error {
	dir, ok := args.String("location")
	switch {
	case !ok || dir == "":
		return message.Refuse(message.CodeInvalidParams, "no location")
	case !filepath.IsAbs(dir):
		return message.Refuse(message.CodeNotAbsolute, "new location path is not absolute")
	}
	carry, _ := args.Bool("move")
	return a.each(args, func(t *library.Torrent) error { return a.move(ctx, t, dir, carry) })
}

func (a *Actor) move(ctx context.Context, t *library.Torrent, dir string, carry bool) error {
	if !filepath.IsAbs(dir) {
		return message.Refuse(message.CodeNotAbsolute, "new location path is not absolute")
	}
	if carry {
		return t.Move(ctx, dir)
	}
	return t.Find(ctx, dir)
}

// Rename answers torrent_rename_path: a file or a folder of one torrent gets another
// name where it is.
func (a *Actor) Rename(ctx context.Context, args message.Args) (message.Object, error) {
	var o message.Object
	list, _ := a.Chosen(args)
	if len(list) != 1 {
		return o, message.Refuse(message.CodeInvalidParams, "torrent-rename-path requires 1 torrent")
	}
	from, _ := args.String("path")
	name, _ := args.String("name")
	o.Set("id", list[0].ID())
	o.Set("name", name)
	o.Set("path", from)
	if name == "" || name == "." || name == ".." || strings.Contains(name, "/") || from == "" {
		return o, message.Refuse(message.CodeInvalidParams, "Invalid argument")
	}
	if err := list[0].Rename(ctx, from, path.Join(path.Dir(from), name)); err != nil {
		return o, message.Refuse(message.CodeSystem, err.Error())
	}
	return o, nil
}

// The ways to go in the queue.
const (
	Top = iota
	Up
	Down
	Bottom
)

// Queue moves torrents in the queue. Among themselves they stay in their order.
func (a *Actor) Queue(ctx context.Context, args message.Args, way int) error {
	list, _ := a.Chosen(args)
	slices.SortStableFunc(list, func(x, y *library.Torrent) int { return x.Position() - y.Position() })
	if way == Top || way == Down {
		slices.Reverse(list)
	}
	for _, t := range list {
		to := t.Position()
		switch way {
		case Top:
			to = 0
		case Up:
			to--
		case Down:
			to++
		case Bottom:
			to = 1<<31 - 1
		}
		if err := a.cfg.Library.SetPosition(ctx, t, max(to, 0)); err != nil {
			return refusal(err)
		}
	}
	return nil
}
