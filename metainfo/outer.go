package metainfo

import (
	"fmt"
	"reflect"
	"time"

	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/internal/check"
	"github.com/warren-p2p/warren/metainfo/internal/infodict"
)

// outerField reads and writes one top-level value of a metainfo file.
type outerField struct {
	key   string
	read  func(*Torrent, bencode.Value) error
	write func(*Torrent) any // nil if there is nothing to write
}

// outerFields never changes.
var outerFields = []outerField{
	textField("announce", func(t *Torrent) *string { return &t.Announce }),
	{"announce-list", readAnnounceList, writeAnnounceList},
	textField("comment", func(t *Torrent) *string { return &t.Comment }),
	textField("created by", func(t *Torrent) *string { return &t.CreatedBy }),
	{"creation date", readCreationDate, writeCreationDate},
	{"nodes", readNodes, writeNodes},
	{"tls", readTLS, writeTLS},
	{"url-list", readURLList, writeURLList},
}

// unchanged reports whether raw still stands for the value t has.
func (f outerField) unchanged(t *Torrent, raw bencode.Raw) bool {
	v, err := bencode.Parse(raw)
	if err != nil {
		return false
	}
	var was Torrent
	return f.read(&was, v) == nil && reflect.DeepEqual(f.write(&was), f.write(t))
}

func textField(key string, at func(*Torrent) *string) outerField {
	read := func(t *Torrent, v bencode.Value) error {
		s, ok := v.Text()
		if !ok {
			return check.Bad(key, ErrType)
		}
		*at(t) = s
		return nil
	}
	write := func(t *Torrent) any {
		if s := *at(t); s != "" {
			return s
		}
		return nil
	}
	return outerField{key, read, write}
}

func readAnnounceList(t *Torrent, v bencode.Value) error {
	if v.Kind() != bencode.List {
		return check.Bad("announce-list", ErrType)
	}
	n := 0
	for tier := range v.All() {
		urls, err := check.Texts(tier, fmt.Sprintf("announce-list[%d]", n))
		if err != nil {
			return err
		}
		t.AnnounceList = append(t.AnnounceList, urls)
		n++
	}
	return nil
}

func writeAnnounceList(t *Torrent) any {
	if len(t.AnnounceList) == 0 {
		return nil
	}
	tiers := make([]any, 0, len(t.AnnounceList))
	for _, tier := range t.AnnounceList {
		tiers = append(tiers, infodict.List(tier))
	}
	return tiers
}

// readURLList accepts a single string too, which BEP 19 allows; an empty one
// is what some programs write for "none".
func readURLList(t *Torrent, v bencode.Value) (err error) {
	if s, ok := v.Text(); ok {
		if s != "" {
			t.URLList = []string{s}
		}
		return nil
	}
	t.URLList, err = check.Texts(v, "url-list")
	return err
}

func writeURLList(t *Torrent) any {
	if len(t.URLList) == 0 {
		return nil
	}
	return infodict.List(t.URLList)
}

func readCreationDate(t *Torrent, v bencode.Value) error {
	sec, ok := v.Int()
	if !ok {
		return check.Bad("creation date", ErrType)
	}
	// Year 9999: beyond it dates no longer fit the usual text forms.
	if sec < 0 || sec > 253402300799 {
		return check.Badf("creation date", ErrRange, "%d", sec)
	}
	t.CreationDate = time.Unix(sec, 0).UTC()
	return nil
}

func writeCreationDate(t *Torrent) any {
	if t.CreationDate.IsZero() {
		return nil
	}
	return t.CreationDate.Unix()
}

func readNodes(t *Torrent, v bencode.Value) error {
	if v.Kind() != bencode.List {
		return check.Bad("nodes", ErrType)
	}
	n := 0
	for node := range v.All() {
		field := fmt.Sprintf("nodes[%d]", n)
		var pair []bencode.Value
		for e := range node.All() {
			pair = append(pair, e)
		}
		if len(pair) != 2 {
			return check.Bad(field, ErrType)
		}
		host, isText := pair[0].Text()
		port, isInt := pair[1].Int()
		if !isText || !isInt {
			return check.Bad(field, ErrType)
		}
		if port < 0 || port > 65535 {
			return check.Badf(field, ErrRange, "port %d", port)
		}
		t.Nodes = append(t.Nodes, Node{host, int(port)})
		n++
	}
	return nil
}

func writeNodes(t *Torrent) any {
	if len(t.Nodes) == 0 {
		return nil
	}
	nodes := make([]any, 0, len(t.Nodes))
	for _, n := range t.Nodes {
		nodes = append(nodes, []any{n.Host, n.Port})
	}
	return nodes
}
