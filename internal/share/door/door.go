// Package door is where others come to what is shared: the pages of links, before the
// website of the node's port.
//
//	/private/TOKEN            what it is; POST redeems a link that is used up or has a passphrase
//	/private/TOKEN/TICKET     the same, for who has redeemed it
//	/public/TOKEN             the list of all that is public, and a search in it
//	/public/TOKEN/SHARE       what one of them is
//	…/record, …/torrent       its record and its torrent file, below each of these
//	…/file/N                  a file of it, if its owner allows that
//
// Whatever is not exactly right is answered by the website in its own words: a token that
// is wrong, that has expired, is used up or revoked looks like a path that has never
// been. Looking consumes nothing, so that programs that look ahead (chats do, of each
// link) use nothing up. Pages need no scripts and run none. What is shared is never
// shown but sent to be saved, and only as it was when it was shared. See
// docs/protocols/share.md.
package door

import (
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/door/pages"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/transport/admission"
)

// Header tells programs how a share is to be had: "open" as it is, "redeem" by POST, or
// "passphrase" by POST with one; "list" is that of the public ones.
const Header = "Warren-Share"

// Handler is the door. It must be reached over TLS.
type Handler struct {
	next  http.Handler
	clock clock.Clock
	log   *slog.Logger
	pages *pages.Set
	book  atomic.Pointer[book.Book]
	looks *admission.Slots // at pages
	heavy *admission.Slots // records and torrent files
	files *admission.Slots
}

// New returns a door before a website. Nothing is behind it until it is opened.
func New(next http.Handler, c clock.Clock, log *slog.Logger) (*Handler, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	set, err := pages.New()
	return &Handler{next: next, clock: c, log: log, pages: set, looks: places(pagesAtOnce), heavy: places(heavyAtOnce), files: places(filesAtOnce)}, err
}

// Open puts the shares of a book behind the door; nil closes it.
func (h *Handler) Open(b *book.Book) { h.book.Store(b) }

// Book returns the book that is behind the door, nil if it is closed.
func (h *Handler) Book() *book.Book { return h.book.Load() }

// Seeded reports whether a torrent is that of a private link that has not ended.
func (h *Handler) Seeded(torrent string) bool {
	b := h.book.Load()
	return b != nil && b.Seeded(torrent)
}

// ServeHTTP answers what is for a share, and leaves the rest to the website.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !h.serve(w, r) {
		h.next.ServeHTTP(w, r)
	}
}

// visit is a request for a share that is there.
type visit struct {
	book   *book.Book
	share  book.Share
	base   string // path of its page
	public bool
	what   string // below it
}

// serve reports whether it has answered.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request) bool {
	b := h.book.Load()
	if b == nil || r.TLS == nil || r.URL.RawPath != "" {
		return false
	}
	if rest, ok := strings.CutPrefix(r.URL.Path, link.PrivatePath); ok {
		return h.private(w, r, b, rest)
	}
	if rest, ok := strings.CutPrefix(r.URL.Path, link.PublicPath); ok {
		return h.public(w, r, b, rest)
	}
	return false
}

// next cuts the first part off a path; what follows does not begin with a slash.
func next(path string) (part, rest string, ok bool) {
	part, rest, more := strings.Cut(path, "/")
	return part, rest, part != "" && (!more || rest != "")
}

func (h *Handler) private(w http.ResponseWriter, r *http.Request, b *book.Book, path string) bool {
	part, rest, ok := next(path)
	token, is := link.ParseToken(part)
	if !ok || !is {
		return false
	}
	v := visit{book: b, base: link.PrivatePath + part, what: rest}
	if part, rest, ok = next(rest); ok {
		if ticket, is := link.ParseToken(part); is {
			v.base, v.what = v.base+"/"+part, rest
			v.share, ok = b.Redeemed(token, ticket)
			return ok && h.show(w, r, &v)
		}
	}
	if v.share, ok = b.Private(token); !ok {
		return false
	}
	if v.share.Guarded() {
		return v.what == "" && h.gate(w, r, &v, token)
	}
	return h.show(w, r, &v)
}

func (h *Handler) public(w http.ResponseWriter, r *http.Request, b *book.Book, path string) bool {
	part, rest, ok := next(path)
	token, is := link.ParseToken(part)
	if !ok || !is || !b.IsPublic(token) {
		return false
	}
	base := link.PublicPath + part
	if rest == "" {
		if reads(w, r) {
			h.page(w, r, http.StatusOK, "list", func() (pages.Page, error) { return h.list(r, b, base), nil })
		}
		return true
	}
	part, rest, ok = next(rest)
	id, err := record.ParseID(part)
	if !ok || err != nil {
		return false
	}
	s, err := b.Find(id)
	if err != nil || !s.Published() {
		return false
	}
	return h.show(w, r, &visit{book: b, share: s, base: base + "/" + part, public: true, what: rest})
}

// reads reports whether a request asks for something and changes nothing; if not, it is
// answered.
func reads(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	w.Header().Set("Allow", "GET, HEAD")
	w.WriteHeader(http.StatusMethodNotAllowed)
	return false
}

// protect says what holds for all answers: nothing is kept, found by search engines,
// guessed at, framed or told to others.
func protect(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// page answers with one, if there is a place. No script runs in it, whatever is written in
// it.
func (h *Handler) page(w http.ResponseWriter, r *http.Request, status int, way string, draw func() (pages.Page, error)) {
	a, ok := h.enter(w, r, h.looks)
	if !ok {
		return
	}
	defer a.leave()
	p, err := draw()
	var body []byte
	if err == nil {
		body, err = h.pages.HTML(p)
	}
	if err != nil {
		h.log.Warn("a page of a share cannot be made", "err", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	protect(w.Header())
	w.Header().Set(Header, way)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body))) // what is cut off is seen to be
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src "+h.pages.Style()+"; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = a.Write(body) // the visitor may have gone
}
