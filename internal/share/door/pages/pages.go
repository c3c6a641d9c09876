// Package pages draws the pages of shares: HTML without scripts, pictures or anything
// else that would have to be fetched. What others have written, names of files above all,
// is shown as text, with whatever does not print replaced.
package pages

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/warren-p2p/warren/internal/share/book/rows"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
)

//go:embed *.html style.css
var files embed.FS

// Page is one that can be drawn: a pointer to [About], [List] or [Gate].
type Page interface{ template() string }

// About says what a share is.
type About struct {
	rows.Said
	Hashes  metainfo.InfoHashes
	Key     [32]byte // that has signed
	Size    int64    // bytes
	Files   int
	Shared  time.Time
	Expires time.Time // zero for never
	Public  bool
	Base    string // path of the page
	Back    string // path of the list that it is in, "" for none
	Link    string // the whole link of what is public
	QR      []byte // SVG; nil for none

	Shown         []File // of Files
	First, At, Nr int    // number of the first that is shown, and which page of how many
	Direct        bool   // some can be had over HTTP
}

// File is one of a share.
type File struct {
	record.File
	Direct bool // it can be had over HTTP
}

// List shows what is public.
type List struct {
	Base       string
	Words, Tag string // what is looked for
	Shares     []Item
	Total      int
	At, Nr     int    // which page of how many
	Link       string // the whole link of the list
}

// Item is a share in a list.
type Item struct {
	rows.Said
	ID     string
	Size   int64
	Files  int
	Shared time.Time
}

// Gate stands before what has to be redeemed.
type Gate struct {
	Passphrase, Limited bool
	Problem             string // why it was not, "" for the first time
}

func (*About) template() string { return "about" }
func (*List) template() string  { return "list" }
func (*Gate) template() string  { return "gate" }

// Set draws pages. It is safe for concurrent use.
type Set struct {
	all   *template.Template
	style string // its source, as a policy names it
}

// New returns what draws pages.
func New() (*Set, error) {
	style, err := files.ReadFile("style.css")
	if err != nil {
		return nil, err
	}
	s := &Set{}
	sum := sha256.Sum256(style)
	s.style = "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	s.all, err = template.New("").Funcs(template.FuncMap{
		"style": func() template.CSS { return template.CSS(style) },       // it is ours
		"svg":   func(b []byte) template.HTML { return template.HTML(b) }, // drawn by package qr
		"size":  words.Bytes, "plain": words.Plain, "text": text, "number": words.Number, "count": words.Count,
		"day":  func(t time.Time) string { return t.UTC().Format("2 January 2006") },
		"at":   func(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") },
		"hex":  func(key [32]byte) string { return hex.EncodeToString(key[:]) },
		"add":  func(a, b int) int { return a + b },
		"name": name,
	}).ParseFS(files, "*.html")
	return s, err
}

// Style returns the source of the style, for a Content-Security-Policy.
func (s *Set) Style() string { return s.style }

// HTML draws a page.
func (s *Set) HTML(p Page) ([]byte, error) {
	var b bytes.Buffer
	if err := s.all.ExecuteTemplate(&b, p.template(), p); err != nil {
		return nil, fmt.Errorf("draw a page: %w", err)
	}
	return b.Bytes(), nil
}

// text is Plain but for the ends of lines.
func text(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsPrint(r) {
			return r
		}
		if r == '\t' {
			return ' '
		}
		return '\ufffd'
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// name returns how a file is shown: the folder of all is the same for all.
func name(path string) string {
	if _, below, ok := strings.Cut(path, "/"); ok {
		path = below
	}
	return words.Plain(path)
}

// Magnet returns the magnet link of what is public.
func (a *About) Magnet() template.URL {
	if !a.Public || !a.Hashes.HasV1 || !a.Hashes.HasV2 {
		return ""
	}
	return template.URL("magnet:?xt=urn:btih:" + a.Hashes.V1.String() + "&xt=urn:btmh:1220" + a.Hashes.V2.String() + "&dn=" + url.QueryEscape(a.Title)) // put together here
}

// Page returns the path of another page of files.
func (a *About) Page(n int) string { return a.Base + "?page=" + strconv.Itoa(n) }

// File returns the path of a file by its place among those that are shown.
func (a *About) File(i int) string { return a.Base + "/file/" + strconv.Itoa(a.First+i) }

// Tagged returns the path of what has a tag.
func (a *About) Tagged(tag string) string { return a.Back + "?tag=" + url.QueryEscape(tag) }

// Tagged returns the path of what has a tag.
func (l *List) Tagged(tag string) string { return l.Base + "?tag=" + url.QueryEscape(tag) }

// Page returns the path of another page of the list.
func (l *List) Page(n int) string {
	q := url.Values{"page": {strconv.Itoa(n)}}
	if l.Words != "" {
		q.Set("q", l.Words)
	}
	if l.Tag != "" {
		q.Set("tag", l.Tag)
	}
	return l.Base + "?" + q.Encode()
}
