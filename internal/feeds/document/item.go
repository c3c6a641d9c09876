package document

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"

	"github.com/warren-p2p/warren/internal/words"
)

// builder makes items of what was parsed.
type builder struct{ base *url.URL }

// source is what a feed of either kind says of an item.
type source struct {
	key, title, page string
	published        *time.Time
	categories       []string
	links            []link
	size             string
	extensions       ext.Extensions
}

// link is one of an item; enclosure if it is what the item is about.
type link struct {
	url, kind, size string
	enclosure       bool
}

const torrentType = "application/x-bittorrent"

func (b builder) rss(f *rss.Feed) *Feed {
	out := &Feed{Title: plain(f.Title)}
	for _, it := range f.Items {
		s := source{title: it.Title, page: it.Link, published: it.PubDateParsed, size: it.Custom["size"], extensions: it.Extensions}
		if it.GUID != nil {
			s.key = it.GUID.Value
		}
		for _, c := range it.Categories {
			s.categories = append(s.categories, c.Value)
		}
		for _, e := range it.Enclosures {
			s.links = append(s.links, link{e.URL, e.Type, e.Length, true})
		}
		s.links = append(s.links, link{url: it.Link})
		out.add(b.item(s))
	}
	return out
}

func (b builder) atom(f *atom.Feed) *Feed {
	out := &Feed{Title: plain(f.Title)}
	for _, e := range f.Entries {
		s := source{key: e.ID, title: e.Title, published: e.PublishedParsed, extensions: e.Extensions}
		if s.published == nil {
			s.published = e.UpdatedParsed
		}
		for _, c := range e.Categories {
			s.categories = append(s.categories, c.Term)
		}
		for _, l := range e.Links {
			s.links = append(s.links, link{l.Href, l.Type, l.Length, l.Rel == "enclosure"})
			if s.page == "" && (l.Rel == "" || l.Rel == "alternate") {
				s.page = l.Href
			}
		}
		out.add(b.item(s))
	}
	return out
}

// add adds an item that can be told from others.
func (f *Feed) add(it Item) {
	if it.Key != "" && len(f.Items) < maxItems {
		f.Items = append(f.Items, it)
	}
}

func (b builder) item(s source) Item {
	it := Item{Title: plain(s.title), Page: b.web(s.page)}
	best := 0
	for _, l := range append(s.links, link{url: said(s.extensions, "magneturi")}) {
		to, rank := b.rank(l)
		if rank > best {
			it.Link, best = to, rank
			it.Size = bytesOf(l.size)
		}
	}
	for _, text := range []string{said(s.extensions, "contentlength"), said(s.extensions, "size"), s.size} {
		if it.Size == 0 {
			it.Size = bytesOf(text)
		}
	}
	if s.published != nil {
		it.Published = s.published.UTC()
	}
	for _, c := range s.categories {
		if c = plain(c); c != "" && len(it.Categories) < maxKinds {
			it.Categories = append(it.Categories, c)
		}
	}
	it.Hash = hash(said(s.extensions, "infohash"))
	if m := btih.FindStringSubmatch(it.Link); m != nil && it.Hash == "" {
		it.Hash = hash(m[1])
	}
	for _, key := range []string{s.key, it.Link, s.page} {
		if it.Key == "" {
			it.Key = cut(strings.TrimSpace(key), maxKey)
		}
	}
	return it
}

// rank returns where a link leads, and how likely that is to be the torrent: 0 is
// not at all.
func (b builder) rank(l link) (to string, rank int) {
	if len(l.url) > maxLink {
		return "", 0
	}
	if u := strings.TrimSpace(l.url); len(u) > 8 && strings.EqualFold(u[:8], "magnet:?") {
		return u, 5
	}
	if to = b.web(l.url); to == "" {
		return "", 0
	}
	path, _, _ := strings.Cut(to, "?")
	switch {
	case strings.EqualFold(strings.TrimSpace(l.kind), torrentType):
		return to, 4
	case strings.HasSuffix(strings.ToLower(path), ".torrent"):
		return to, 3
	case l.enclosure:
		return to, 2
	}
	return to, 1
}

// web returns a link as a URL of the web, or "".
func (b builder) web(text string) string {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || text == "" || len(text) > maxLink {
		return ""
	}
	if b.base != nil {
		u = b.base.ResolveReference(u)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return ""
	}
	return u.String()
}

// said returns what an extension says under a name, or the attribute of that name
// (Torznab: <torznab:attr name="size" value="1"/>), whatever its namespace is called.
func said(all ext.Extensions, name string) string {
	for _, space := range all {
		for element, list := range space {
			for _, e := range list {
				switch {
				case strings.EqualFold(element, name):
					return strings.TrimSpace(e.Value)
				case element == "attr" && strings.EqualFold(e.Attrs["name"], name):
					return strings.TrimSpace(e.Attrs["value"])
				}
			}
		}
	}
	return ""
}

// bytesOf reads a size, as a number of bytes or as people write it; 0 if it is none.
func bytesOf(text string) int64 {
	if n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64); err == nil {
		return max(n, 0)
	}
	var n words.Size
	if err := n.UnmarshalText([]byte(text)); err != nil {
		return 0
	}
	return int64(n)
}

var (
	btih   = regexp.MustCompile(`(?i)urn:btih:([0-9a-f]{40})\b`)
	digits = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)
)

// hash returns an info-hash as it is kept here, "" if it is none.
func hash(text string) string {
	if text = strings.ToLower(strings.TrimSpace(text)); digits.MatchString(text) {
		return text
	}
	return ""
}
