package act

import (
	"context"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/compat/transmission/company"
	"github.com/warren-p2p/warren/internal/compat/transmission/message"
	"github.com/warren-p2p/warren/internal/library"
)

var errTrackers = message.Refuse(message.CodeAnnounceList, "error setting announce list")

// trackers changes the trackers of a torrent: all of them, or by their numbers, which
// are their places in the list of all tiers.
func (a *Actor) trackers(ctx context.Context, t *library.Torrent, args message.Args) error {
	if text, ok := args.String("tracker_list"); ok {
		if err := t.SetTrackers(ctx, tiers(text)); err != nil {
			return message.Refuse(message.CodeTrackerList, err.Error())
		}
		return nil
	}
	was := flat(company.Tiers(t))
	now := slices.Clone(was)
	for _, edit := range []struct {
		name string
		do   func([]tracker, []any) ([]tracker, bool)
	}{{"tracker_replace", replace}, {"tracker_remove", remove}, {"tracker_add", add}} {
		list, ok := args.List(edit.name)
		if !ok {
			continue
		}
		next, changed := edit.do(now, list)
		if !changed {
			return errTrackers
		}
		now = next
	}
	if slices.Equal(was, now) {
		return nil
	}
	if err := t.SetTrackers(ctx, folded(now)); err != nil {
		return errTrackers
	}
	return nil
}

// tracker is one of a torrent, with the number it is known by while several edits are
// made; -1 for one that is new.
type tracker struct {
	id   int64
	url  string
	tier int
}

func flat(all [][]string) (list []tracker) {
	for n, tier := range all {
		for _, url := range tier {
			list = append(list, tracker{int64(len(list)), url, n})
		}
	}
	return list
}

func folded(list []tracker) (all [][]string) {
	last := -1
	for _, t := range list {
		if t.tier != last {
			all, last = append(all, nil), t.tier
		}
		all[len(all)-1] = append(all[len(all)-1], t.url)
	}
	return all
}

func has(list []tracker, url string) bool {
	return slices.ContainsFunc(list, func(t tracker) bool { return t.url == url })
}

// isTracker reports whether a URL may be one of a tracker.
func isTracker(url string) bool {
	scheme, rest, ok := strings.Cut(strings.ToLower(url), "://")
	return ok && rest != "" && slices.Contains([]string{"http", "https", "udp"}, scheme)
}

// add puts each new one into a tier of its own.
func add(list []tracker, urls []any) (out []tracker, changed bool) {
	out = slices.Clone(list)
	tier := 0
	for _, t := range out {
		tier = max(tier, t.tier+1)
	}
	for _, v := range urls {
		if url, ok := v.(string); ok && isTracker(url) && !has(out, url) {
			out, changed = append(out, tracker{-1, url, tier}), true
			tier++
		}
	}
	return out, changed
}

func remove(list []tracker, ids []any) (out []tracker, changed bool) {
	gone, _ := message.Args{"ids": ids}.Ints("ids")
	out = slices.DeleteFunc(slices.Clone(list), func(t tracker) bool { return t.id >= 0 && slices.Contains(gone, t.id) })
	return out, len(out) != len(list)
}

// replace takes pairs: the number of one, and what it is to be.
func replace(list []tracker, pairs []any) (out []tracker, changed bool) {
	out = slices.Clone(list)
	for ; len(pairs) >= 2; pairs = pairs[2:] {
		id, isID := message.Args{"id": pairs[0]}.Int("id")
		url, isURL := pairs[1].(string)
		if !isID || !isURL || !isTracker(url) || has(out, url) {
			continue
		}
		if at := slices.IndexFunc(out, func(t tracker) bool { return t.id == id }); at >= 0 {
			out[at].url, changed = url, true
		}
	}
	return out, changed
}

// tiers reads trackers as text: a line each, and an empty one between tiers.
func tiers(text string) (all [][]string) {
	var tier []string
	for line := range strings.Lines(text + "\n\n") {
		if line = strings.TrimSpace(line); line != "" {
			tier = append(tier, line)
			continue
		}
		if len(tier) > 0 {
			all, tier = append(all, tier), nil
		}
	}
	return all
}
