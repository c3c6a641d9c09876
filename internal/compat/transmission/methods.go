package transmission

import (
	"context"
	"time"

	"github.com/warren-p2p/warren/internal/compat/transmission/act"
	"github.com/warren-p2p/warren/internal/compat/transmission/message"
)

// method answers a request. Values may come with an error, to tell more of it.
type method func(context.Context, *message.Request) (message.Object, error)

// table returns the methods by their names in the modern dialect.
func (h *Handler) table() map[string]method {
	return map[string]method{
		"session_get":   func(_ context.Context, r *message.Request) (message.Object, error) { return h.session.Get(r), nil },
		"session_set":   done(h.session.Set),
		"session_stats": func(context.Context, *message.Request) (message.Object, error) { return h.session.Stats(), nil },
		"session_close": func(context.Context, *message.Request) (message.Object, error) {
			return message.Object{}, h.session.End()
		},

		"free_space": func(_ context.Context, r *message.Request) (message.Object, error) { return h.session.Room(r.Args) },
		"port_test":  func(_ context.Context, r *message.Request) (message.Object, error) { return h.session.Port(r.Args) },
		"blocklist_update": func(ctx context.Context, _ *message.Request) (message.Object, error) {
			return h.session.Blocklist(ctx)
		},
		"group_get": func(_ context.Context, r *message.Request) (message.Object, error) {
			return h.session.Groups(r.Args), nil
		},
		"group_set": done(h.session.SetGroup),

		"torrent_get":          h.get,
		"torrent_add":          func(ctx context.Context, r *message.Request) (message.Object, error) { return h.act.Add(ctx, r.Args) },
		"torrent_set":          done(h.set),
		"torrent_start":        done(func(ctx context.Context, a message.Args) error { return h.act.Start(ctx, a, false) }),
		"torrent_start_now":    done(func(ctx context.Context, a message.Args) error { return h.act.Start(ctx, a, true) }),
		"torrent_stop":         done(h.act.Stop),
		"torrent_verify":       done(func(_ context.Context, a message.Args) error { return h.act.Verify(a) }),
		"torrent_reannounce":   done(func(_ context.Context, a message.Args) error { return h.act.Reannounce(a) }),
		"torrent_remove":       done(h.act.Remove),
		"torrent_set_location": done(h.lasting(h.act.SetLocation)),
		"torrent_rename_path": func(ctx context.Context, r *message.Request) (message.Object, error) {
			return h.act.Rename(ctx, r.Args)
		},

		"queue_move_top":    h.queue(act.Top),
		"queue_move_up":     h.queue(act.Up),
		"queue_move_down":   h.queue(act.Down),
		"queue_move_bottom": h.queue(act.Bottom),
	}
}

// done is a method that answers nothing but that it is done.
func done(do func(context.Context, message.Args) error) method {
	return func(ctx context.Context, r *message.Request) (message.Object, error) {
		return message.Object{}, do(ctx, r.Args)
	}
}

// patience is how long a program waits for what may take long.
const patience = 2 * time.Second

// lasting does something that may take as long as content is large. It is done when
// that is known within a moment; otherwise it goes on, also after whoever asked has
// gone, and what comes of it is in the log.
func (h *Handler) lasting(do func(context.Context, message.Args) error) func(context.Context, message.Args) error {
	return func(_ context.Context, a message.Args) error {
		result := make(chan error, 1)
		h.work.Go(func() {
			err := do(h.ctx, a)
			if err != nil {
				h.cfg.Log.Warn("content is not moved", "err", err)
			}
			result <- err
		})
		late := time.NewTimer(patience)
		defer late.Stop()
		select {
		case err := <-result:
			return err
		case <-late.C:
			return nil
		}
	}
}

// set answers torrent_set.
func (h *Handler) set(ctx context.Context, a message.Args) error {
	if a.Has("location") {
		return h.lasting(h.act.Set)(ctx, a)
	}
	return h.act.Set(ctx, a)
}

func (h *Handler) queue(way int) method {
	return done(func(ctx context.Context, a message.Args) error { return h.act.Queue(ctx, a, way) })
}

// carryOut answers one request.
func (h *Handler) carryOut(ctx context.Context, r *message.Request) (message.Object, error) {
	if bad := r.Refused(); bad != nil {
		return message.Object{}, bad
	}
	do := h.methods[r.Method]
	switch {
	case r.Method == "":
		return message.Object{}, message.Refuse(message.CodeInvalidRequest, "no method name")
	case do == nil:
		return message.Object{}, message.Refuse(message.CodeNoMethod, "method name not recognized")
	}
	return do(ctx, r)
}

// get answers torrent_get.
func (h *Handler) get(_ context.Context, r *message.Request) (message.Object, error) {
	var o message.Object
	asked, ok := r.Args.Strings("fields")
	if !ok {
		o.Set("torrents", []message.Object{})
		return o, message.Refuse(message.CodeInvalidParams, "no fields specified")
	}
	h.cfg.Library.Refresh()
	list, removed := h.act.Chosen(r.Args)
	table := h.tell.Table(asked, r.Modern, h.cfg.Clock.Now())
	if format, _ := r.Args.String("format"); format == "table" {
		rows := []any{table.Head()}
		for _, t := range list {
			rows = append(rows, table.Row(t))
		}
		o.Set("torrents", rows)
	} else {
		objects := make([]message.Object, len(list))
		for i, t := range list {
			objects[i] = table.Object(t)
		}
		o.Set("torrents", objects)
	}
	if removed != nil {
		gone := make([]any, len(removed))
		for i, id := range removed {
			gone[i] = id
		}
		o.Set("removed", gone)
	}
	return o, nil
}
