package torrents

import (
	"encoding/base64"

	"github.com/warren-p2p/warren/internal/compat/transmission/message"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm"
)

func object(fields ...message.Field) message.Object { return message.Object{Fields: fields} }

func (l *one) fileObjects() []message.Object {
	list := []message.Object{}
	for _, f := range l.list() {
		list = append(list, object(
			message.Field{Name: "bytes_completed", Value: f.Done},
			message.Field{Name: "length", Value: f.Size},
			message.Field{Name: "name", Value: f.Path},
			message.Field{Name: "begin_piece", Value: f.First},
			message.Field{Name: "end_piece", Value: f.End},
		))
	}
	return list
}

func (l *one) fileStats() []message.Object {
	list := []message.Object{}
	for _, f := range l.list() {
		list = append(list, object(
			message.Field{Name: "bytes_completed", Value: f.Done},
			message.Field{Name: "wanted", Value: f.Priority != swarm.Skip},
			message.Field{Name: "priority", Value: priority(f.Priority)},
		))
	}
	return list
}

// wanted is 0 or 1 in the classic dialect.
func (l *one) wanted(f library.File) any {
	wanted := f.Priority != swarm.Skip
	if l.modern {
		return wanted
	}
	if wanted {
		return 1
	}
	return 0
}

// priority is -1, 0 or 1. A file that is skipped has none here.
func priority(p swarm.Priority) int {
	switch p {
	case swarm.Low:
		return -1
	case swarm.High:
		return 1
	}
	return 0
}

// pieces returns which pieces are verified, in base64.
func (l *one) pieces() string {
	if l.view.Pieces == 0 {
		return ""
	}
	have := peerwire.NewBitfield(l.view.Pieces)
	if e := l.t.Engine(); e != nil {
		copy(have, e.Have())
	}
	return base64.StdEncoding.EncodeToString(have)
}

// availability returns how many peers have each piece, -1 for those that are here.
func (l *one) availability() []any {
	list := make([]any, l.view.Pieces)
	for i := range list {
		list[i] = 0
		if l.complete() {
			list[i] = -1
		}
	}
	e := l.t.Engine()
	if e == nil {
		return list
	}
	for i, p := range e.Pieces() {
		switch {
		case i >= len(list):
		case p.State == swarm.PieceVerified:
			list[i] = -1
		default:
			list[i] = p.Availability
		}
	}
	return list
}

// available returns how much of what is missing the connected peers have, in bytes.
func (l *one) available() (bytes int64) {
	e := l.t.Engine()
	if e == nil || l.complete() || l.view.Status.Peers == 0 {
		return 0
	}
	for _, p := range e.Pieces() {
		if p.State != swarm.PieceVerified && p.Priority != swarm.Skip && p.Availability > 0 {
			bytes += l.view.PieceLength
		}
	}
	return min(bytes, l.view.Status.Left())
}

func (l *one) webSeeds() []string {
	urls := append([]string{}, l.view.WebSeeds...)
	if m := l.metainfo(); m != nil {
		urls = append(urls, m.URLList...)
	}
	return urls
}

// webSeedObjects tells of web servers. It is not known of each how fast it is.
func (l *one) webSeedObjects() []message.Object {
	list := []message.Object{}
	for _, url := range l.webSeeds() {
		list = append(list, object(
			message.Field{Name: "url", Value: url},
			message.Field{Name: "is_downloading", Value: l.view.Status.WebSeeds > 0},
			message.Field{Name: "download_bytes_per_second", Value: 0},
		))
	}
	return list
}
