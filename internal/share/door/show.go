package door

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/door/pages"
	"github.com/warren-p2p/warren/internal/share/guard"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/qr"
	"github.com/warren-p2p/warren/internal/share/record"
)

const (
	filesPerPage  = 500
	sharesPerPage = 25
	maxForm       = 8 << 10 // bytes of what is sent to redeem a link
	formTime      = 10 * time.Second
)

// show answers for a share that may be seen.
func (h *Handler) show(w http.ResponseWriter, r *http.Request, v *visit) bool {
	switch file, isFile := strings.CutPrefix(v.what, "file/"); {
	case v.what == "" && r.Method == http.MethodPost && !v.public: // there is nothing to redeem
		protect(w.Header())
		http.Redirect(w, r, v.base, http.StatusSeeOther)
	case v.what == "":
		if reads(w, r) {
			h.page(w, r, http.StatusOK, "open", func() (pages.Page, error) { return h.about(r, v) })
		}
	case v.what == "record", v.what == "torrent":
		if reads(w, r) {
			h.paper(w, r, v)
		}
	case isFile:
		n, err := strconv.ParseUint(file, 10, 31)
		if err != nil || strconv.FormatUint(n, 10) != file {
			return false
		}
		return h.file(w, r, v, int(n))
	default:
		return false
	}
	return true
}

// about says what a share is.
func (h *Handler) about(r *http.Request, v *visit) (pages.Page, error) {
	page, last := number(r.URL.Query().Get("page")), (v.share.Files-1)/filesPerPage+1
	page = min(page, last)
	files, err := v.book.Files(r.Context(), v.share.ID, (page-1)*filesPerPage, filesPerPage)
	if err != nil {
		return nil, err
	}
	p := &pages.About{
		Said: v.share.Said, Hashes: v.share.Hashes, Key: v.share.Key.Bytes(), Size: v.share.Size, Files: v.share.Files, Shared: v.share.Created,
		Public: v.public, Base: v.base, At: page, Nr: last, First: (page - 1) * filesPerPage,
	}
	limit := int64(-1) // no file can be had
	if v.share.Direct {
		limit = v.share.DirectLimit
	}
	if v.public {
		p.Hashes = v.share.PublicHashes
		p.Back = strings.TrimSuffix(v.base, "/"+v.share.ID.String())
	} else {
		p.Expires = v.share.Expires
	}
	for _, f := range files {
		one := pages.File{File: f, Direct: f.Size <= limit}
		p.Shown, p.Direct = append(p.Shown, one), p.Direct || one.Direct
	}
	p.Link, p.QR = h.ways(v)
	if r.Method == http.MethodGet && page == 1 {
		v.book.Visited(v.share.ID)
	}
	return p, nil
}

// ways returns the whole link of what is public, which has nothing secret, and a picture
// of the address of the page. Nobody knows either as long as nobody knows where the node
// is.
func (h *Handler) ways(v *visit) (whole string, svg []byte) {
	l, err := v.book.Link(&v.share)
	if v.public {
		l, err = v.book.PublicLink(v.share.ID)
	}
	if err != nil {
		return "", nil
	}
	at := l.Page()
	if v.public {
		whole, at = l.Text(), l.Text()
	}
	code, err := qr.New(at)
	if err != nil {
		return whole, nil
	}
	return whole, code.SVG("QR code of the address of this page")
}

// number reads the number of a page, 1 if it is none.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 1_000_000 {
		return 1
	}
	return n
}

// list shows what is public.
func (h *Handler) list(r *http.Request, b *book.Book, base string) *pages.List {
	q := r.URL.Query()
	words, tag, page := cut(q.Get("q")), cut(q.Get("tag")), number(q.Get("page"))
	found, total := b.Public(book.Query{Words: words, Tag: tag, From: (page - 1) * sharesPerPage, Most: sharesPerPage})
	p := &pages.List{Base: base, Words: words, Tag: tag, Total: total, At: page, Nr: (total-1)/sharesPerPage + 1}
	for _, s := range found {
		p.Shares = append(p.Shares, pages.Item{Said: s.Said, ID: s.ID.String(), Size: s.Size, Files: s.Files, Shared: s.Created})
	}
	if l, err := b.PublicLink(record.ID{}); err == nil {
		p.Link = l.Text()
	}
	return p
}

// cut bounds what is looked for.
func cut(text string) string {
	if len(text) > 200 {
		return ""
	}
	return text
}

// gate shows that something is here, and redeems the link when that is asked for.
func (h *Handler) gate(w http.ResponseWriter, r *http.Request, v *visit, token link.Token) bool {
	way := "redeem"
	if v.share.HasPassphrase() {
		way = "passphrase"
	}
	p := pages.Gate{Passphrase: v.share.HasPassphrase(), Limited: v.share.Uses >= 0}
	draw := func() (pages.Page, error) { return &p, nil }
	if r.Method != http.MethodPost {
		if reads(w, r) {
			h.page(w, r, http.StatusOK, way, draw)
		}
		return true
	}
	// Not every server can do so; then whoever runs it bounds this.
	_ = http.NewResponseController(w).SetReadDeadline(h.clock.Now().Add(formTime))
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	ticket, err := v.book.Redeem(r.Context(), token, r.PostFormValue("passphrase"))
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	if err == nil {
		protect(w.Header())
		http.Redirect(w, r, v.base+"/"+ticket.Text(), http.StatusSeeOther)
		return true
	}
	if errors.Is(err, book.ErrNotFound) {
		return false // somebody else was faster
	}
	status := http.StatusServiceUnavailable
	p.Problem = "That did not work just now. Try again in a minute."
	if wait, ok := errors.AsType[*guard.WaitError](err); ok {
		status, p.Problem = http.StatusTooManyRequests, "Too many wrong passphrases were tried. Try again in a few minutes."
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.For/time.Second)+1))
	} else if errors.Is(err, guard.ErrWrong) {
		status, p.Problem = http.StatusForbidden, "That is not the passphrase. Ask whoever gave you the link for it."
	}
	h.page(w, r, status, way, draw)
	return true
}
