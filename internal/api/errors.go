package api

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/feeds"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/settings"
	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/draft"
	"github.com/warren-p2p/warren/internal/share/guard"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/permid"
	"github.com/warren-p2p/warren/swarm"
)

// explain turns what a node says into a problem; nil if that is no answer to anything
// a client has asked.
func explain(err error) *huma.ErrorModel {
	if e, ok := errors.AsType[*library.InputError](err); ok {
		return invalid(e.Field, e.Error())
	}
	if e, ok := errors.AsType[*access.InputError](err); ok {
		return invalid(e.Field, e.Error())
	}
	if e, ok := errors.AsType[*feeds.InputError](err); ok {
		return invalid(e.Field, e.Error())
	}
	if e, ok := errors.AsType[*record.FieldError](err); ok {
		return invalid(e.Field, e.Error())
	}
	if errors.Is(err, guard.ErrLength) {
		return invalid("passphrase", err.Error())
	}
	if e, ok := errors.AsType[*config.KeyError](err); ok {
		if errors.Is(err, settings.ErrOverridden) {
			return problem.New(problem.Conflict, err.Error())
		}
		return invalid(e.Key, err.Error())
	}
	for _, one := range append(sharedKinds(), kinds()...) {
		if errors.Is(err, one.err) {
			return problem.New(one.kind, err.Error())
		}
	}
	return nil
}

func invalid(field, why string) *huma.ErrorModel {
	return problem.Input(strings.TrimSuffix("body."+field, "."), why)
}

// known is an error that is an answer to what was asked.
type known struct {
	err  error
	kind problem.Kind
}

// sharedKinds are those of what is shared.
func sharedKinds() []known {
	return []known{
		{book.ErrNotFound, problem.NotFound},
		{draft.ErrNotFound, problem.NotFound},
		{book.ErrThere, problem.Duplicate},
		{book.ErrRevoked, problem.Conflict},
		{book.ErrMany, problem.Conflict},
		{book.ErrNowhere, problem.Conflict},
		{book.ErrUnpublished, problem.Conflict},
		{draft.ErrMany, problem.Conflict},
		{draft.ErrBusy, problem.Conflict},
		{draft.ErrPrivate, problem.Conflict},
		{draft.ErrClosed, problem.Unavailable},
		{permid.ErrLocked, problem.Conflict},
	}
}

func kinds() []known {
	return []known{
		{library.ErrNotFound, problem.NotFound},
		{library.ErrRemoved, problem.NotFound},
		{swarm.ErrRemoved, problem.NotFound},
		{access.ErrUnknown, problem.NotFound},
		{feeds.ErrNotFound, problem.NotFound},
		{library.ErrDuplicate, problem.Duplicate},
		{feeds.ErrDuplicate, problem.Duplicate},
		{feeds.ErrTooMany, problem.Conflict},
		{swarm.ErrDuplicate, problem.Duplicate},
		{swarm.ErrUnknown, problem.Conflict},
		{swarm.ErrStopped, problem.Conflict},
		{swarm.ErrPassphrase, problem.Conflict},
		{swarm.ErrTLSNeeded, problem.Conflict},
		{swarm.ErrMembers, problem.Conflict},
		{swarm.ErrSSLTorrent, problem.Conflict},
		{vfs.ErrNoSpace, problem.DiskFull},
		{library.ErrClosed, problem.Unavailable},
		{swarm.ErrClosed, problem.Unavailable},
		{context.Canceled, problem.Unavailable},
		{context.DeadlineExceeded, problem.Unavailable},
		{fs.ErrNotExist, problem.Conflict},
		{fs.ErrExist, problem.Conflict},
		{fs.ErrPermission, problem.Conflict},
		{fs.ErrInvalid, problem.Conflict},
		{vfs.ErrNotDir, problem.Conflict},
	}
}
