package door

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/book/rows"
	"github.com/warren-p2p/warren/internal/share/verified"
	"github.com/warren-p2p/warren/internal/words"
)

// attach says what is sent: something to be saved, which no browser shows or runs.
func attach(h http.Header, kind, name string) {
	protect(h)
	h.Set("Content-Type", kind)
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Content-Disposition", disposition(name))
}

// disposition gives a name to save something by (RFC 6266).
func disposition(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|%`, r) {
			return '_'
		}
		return r
	}, words.Plain(name))
	name = strings.Trim(name, ". ")
	if v := mime.FormatMediaType("attachment", map[string]string{"filename": name}); v != "" && name != "" {
		return v
	}
	return "attachment"
}

// oneRange has a request for several ranges be one for all. Of a piece all is hashed before
// a byte of it is sent: a byte each of many pieces costs more than the file. A server may
// pass ranges over (RFC 9110, section 14.2).
func oneRange(r *http.Request) {
	if strings.Contains(r.Header.Get("Range"), ",") {
		r.Header.Del("Range")
	}
}

// paper sends the record or the torrent file.
func (h *Handler) paper(w http.ResponseWriter, r *http.Request, v *visit) {
	a, ok := h.enter(w, r, h.heavy)
	if !ok {
		return
	}
	defer a.leave()
	kind, name := "application/octet-stream", v.share.Title+".record"
	b, err := h.bytes(r.Context(), v)
	if err != nil {
		h.log.Warn("a share cannot be served", "share", v.share.ID.String(), "err", err)
		w.Header().Set("Retry-After", "60")
		http.Error(w, "This cannot be served just now.", http.StatusServiceUnavailable)
		return
	}
	if v.what == "torrent" {
		kind, name = "application/x-bittorrent", v.share.Title+".torrent"
	}
	attach(w.Header(), kind, name)
	oneRange(r)
	a.send(r, v, bytes.NewReader(b))
}

func (h *Handler) bytes(ctx context.Context, v *visit) ([]byte, error) {
	if v.what == "torrent" {
		return v.book.Torrent(&v.share, v.public)
	}
	return v.book.Record(ctx, v.share.ID, v.public)
}

// file sends a file, as far as it is what was shared.
func (h *Handler) file(w http.ResponseWriter, r *http.Request, v *visit, n int) bool {
	if !v.share.Direct {
		return false
	}
	if !reads(w, r) {
		return true
	}
	a, ok := h.enter(w, r, h.files)
	if !ok {
		return true
	}
	defer a.leave()
	one, f, err := v.book.OpenFile(r.Context(), &v.share, n)
	if errors.Is(err, book.ErrNotFound) {
		return false
	}
	if err != nil {
		h.refuse(w, v, err)
		return true
	}
	defer f.Close()
	content := &watched{Reader: verified.New(verified.Content{From: f, Size: one.Size, PieceLength: v.share.PieceLength, Root: one.Root, Layer: one.Layer})}
	if err := content.Probe(0); err != nil {
		h.refuse(w, v, err)
		return true
	}
	oneRange(r)
	if r.Method == http.MethodGet && begins(r) {
		v.book.Downloaded(v.share.ID)
	}
	attach(w.Header(), "application/octet-stream", path.Base(one.Path))
	w.Header().Set("Etag", tag(&one))
	if a.send(r, v, content); content.failed != nil {
		h.changed(v, content.failed)
	}
	return true
}

// watched notes why a file could not be read to its end.
type watched struct {
	*verified.Reader
	failed error
}

func (c *watched) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if err != nil && err != io.EOF {
		c.failed = err
	}
	return n, err
}

// tag is the entity tag of a file: the same content has the same one everywhere.
func tag(f *rows.File) string {
	if f.Size == 0 {
		return `"empty"`
	}
	return `"` + hex.EncodeToString(f.Root[:]) + `"`
}

// begins reports whether a request is for a file from its beginning.
func begins(r *http.Request) bool {
	spec := r.Header.Get("Range")
	return spec == "" || strings.HasPrefix(spec, "bytes=0-")
}

// refuse says that a file is not there as it was shared.
func (h *Handler) refuse(w http.ResponseWriter, v *visit, err error) {
	h.changed(v, err)
	protect(w.Header())
	http.Error(w, "This file is not there any more as it was shared. Tell whoever gave you the link.", http.StatusGone)
}

// changed tells the owner.
func (h *Handler) changed(v *visit, err error) {
	h.log.Warn("a file of a share is not as it was shared", "share", v.share.ID.String(), "err", err)
}

// send sends all of something, or the range that is asked for, as long as the share lasts.
func (a *answer) send(r *http.Request, v *visit, content io.ReadSeeker) {
	a.lasts = func() bool { return v.book.Lasts(v.share.ID, v.public) }
	http.ServeContent(a, r, "", time.Time{}, content)
}
