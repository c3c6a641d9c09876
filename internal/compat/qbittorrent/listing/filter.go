package listing

import (
	"cmp"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/compat/qbittorrent/form"
)

// Query says which torrents are listed, and in which order.
type Query struct {
	Filter        string  // a kind of state; "" for all
	Category, Tag *string // "" for those that have none; nil for any
	Sort          string  // a key of [Listed]
	Reverse       bool
	Limit, Offset int64
}

// QueryOf reads a query.
func QueryOf(f *form.Form) Query {
	q := Query{
		Filter: strings.ToLower(f.Text("filter")), Sort: f.Text("sort"), Reverse: f.Bool("reverse"),
		Limit: f.Int("limit", 0), Offset: f.Int("offset", 0),
	}
	for name, to := range map[string]**string{"category": &q.Category, "tag": &q.Tag} {
		if f.Has(name) {
			text := f.Text(name)
			*to = &text
		}
	}
	return q
}

// Keep reports whether a torrent is among those asked for.
func (q *Query) Keep(l *Listed) bool {
	switch {
	case q.Category != nil && *q.Category != l.Category:
		return false
	case q.Tag != nil && *q.Tag == "" && l.Tags != "":
		return false
	case q.Tag != nil && *q.Tag != "" && !slices.Contains(strings.Split(l.Tags, ", "), *q.Tag):
		return false
	}
	return matches(q.Filter, l)
}

// matches reports whether the state of a torrent is of a kind. Kinds that there are
// not are taken for all of them.
func matches(kind string, l *Listed) bool {
	state := l.State
	paused := state == "pausedUP" || state == "pausedDL"
	up := state == "uploading" || strings.HasSuffix(state, "UP")
	down := state == "downloading" || strings.HasSuffix(state, "DL")
	active := l.DlSpeed > 0 || l.UpSpeed > 0 || state == "moving" || state == "metaDL" || strings.HasPrefix(state, "forced")
	switch kind {
	case "downloading":
		return down
	case "seeding", "uploading":
		return up && !paused
	case "completed":
		return up
	case "paused", "stopped":
		return paused
	case "resumed", "running":
		return !paused
	case "active":
		return active && !paused
	case "inactive":
		return !active || paused
	case "stalled":
		return strings.HasPrefix(state, "stalled")
	case "stalled_uploading":
		return state == "stalledUP"
	case "stalled_downloading":
		return state == "stalledDL"
	case "checking":
		return strings.HasPrefix(state, "checking")
	case "moving":
		return state == "moving"
	case "errored":
		return state == "error" || state == "missingFiles"
	}
	return true
}

// Arrange sorts torrents and takes the part of them that was asked for. The error is
// a *form.Refusal: there is no such key.
func (q *Query) Arrange(list []Listed) ([]Listed, error) {
	if q.Sort != "" {
		field, ok := fieldOf(q.Sort)
		if !ok {
			return nil, &form.Refusal{Status: http.StatusBadRequest, Text: "'sort' parameter is invalid"}
		}
		slices.SortStableFunc(list, func(a, b Listed) int {
			return compare(reflect.ValueOf(a).FieldByIndex(field), reflect.ValueOf(b).FieldByIndex(field))
		})
	}
	if q.Reverse {
		slices.Reverse(list)
	}
	n := int64(len(list))
	from := q.Offset
	if from < 0 { // from the end
		from = max(n+from, 0)
	}
	from = min(from, n)
	to := n
	if q.Limit > 0 {
		to = min(from+q.Limit, n)
	}
	return list[from:to], nil
}

// fieldOf returns the field with a key.
func fieldOf(key string) ([]int, bool) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Listed]()) {
		if f.Tag.Get("json") == key && key != "" {
			return f.Index, true
		}
	}
	return nil, false
}

// compare orders two values of one kind; names without regard to case.
func compare(a, b reflect.Value) int {
	switch a.Kind() {
	case reflect.String:
		return cmp.Or(cmp.Compare(strings.ToLower(a.String()), strings.ToLower(b.String())), cmp.Compare(a.String(), b.String()))
	case reflect.Float64:
		return cmp.Compare(a.Float(), b.Float())
	case reflect.Int64:
		return cmp.Compare(a.Int(), b.Int())
	}
	switch x, y := a.Bool(), b.Bool(); {
	case x == y:
		return 0
	case y:
		return -1
	}
	return 1
}
