// Package automation is the part of the API for what a node does by itself, but for
// feeds: folders that are watched, programs that are told what happened, lists of
// addresses that are not spoken to, and limits that keep to the time of the week.
//
// Which folders and lists there are is kept with the settings, as paths.watch and
// peers.block, and nowhere else: what is changed here is changed there.
package automation

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/blocklist"
	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/hook"
	"github.com/warren-p2p/warren/internal/timetable"
	"github.com/warren-p2p/warren/internal/watch"
)

// Node has the settings.
type Node interface {
	Settings() config.Config
	// ReviseSettings changes settings that depend on what they are.
	ReviseSettings(ctx context.Context, revise func(now config.Config) (patch map[string]any, err error)) error
	Path(name string) string // the full path of one in the settings
}

// Service is the operations.
type Service struct {
	Node      Node
	Watch     *watch.Watch
	Hooks     *hook.Runner
	Blocks    *blocklist.Blocklist
	Timetable *timetable.Keeper
}

const tag = "Automation"

// Register adds the operations.
func (s Service) Register(r *operation.Registrar, _ func(huma.Context) http.ResponseWriter) {
	s.registerWatch(r)
	s.registerHooks(r)
	s.registerBlocks(r)
	s.registerSchedule(r)
}

// edit changes a list in the settings. where finds a place in it, -1 if there is none;
// text replaces what is there, or comes last; "" takes it away. missing is the error if
// there is nothing to take away.
func (s Service) edit(ctx context.Context, key string, where func(one string) bool, text string, missing error) error {
	return s.Node.ReviseSettings(ctx, func(now config.Config) (map[string]any, error) {
		list, _ := now.Value(key).([]string)
		list = slices.Clone(list)
		switch i := slices.IndexFunc(list, where); {
		case text == "" && i < 0:
			return nil, missing
		case text == "":
			list = slices.Delete(list, i, i+1)
		case i < 0:
			list = append(list, text)
		default:
			list[i] = text
		}
		return map[string]any{key: list}, nil
	})
}

func isURL(text string) bool { return strings.Contains(text, "://") }
