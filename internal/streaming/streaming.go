// Package streaming serves the files of torrents to players over HTTP, while they are
// fetched.
//
//	h := streaming.New(streaming.Config{Find: find, Clock: clk})
//	mux.Handle("/stream/", h)
//	path := h.Path(id, streaming.Main(show.Files), time.Hour) // /stream/TOKEN/ID/FILE/NAME
//	list := h.Playlist(id, time.Hour)                         // /stream/TOKEN/ID/playlist.m3u8
//
// Whoever can reach the server and has no path gets nothing: a path holds a token for
// one file, or for one torrent, that ends. What torrents contain is somebody else's:
// a browser is told to run none of it. Ranges, conditions and HEAD are those of
// net/http.ServeContent; what a player reads is waited for until it is verified.
package streaming

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
)

// Prefix is what all paths begin with.
const Prefix = "/stream/"

// ErrNotFound is what Config.Find returns for a torrent that is not there.
var ErrNotFound = errors.New("no such torrent")

// File is one that is served.
type File struct {
	Name  string // path in the torrent, with slashes
	Size  int64
	Index int // of the file in the torrent
}

// Show is what is served of a torrent.
type Show struct {
	Tag   string // part of the entity tags of its files, such as the info-hash
	Files []File
	// Open opens a file, for as long as ctx lasts.
	Open func(ctx context.Context, file int) (io.ReadSeekCloser, error)
}

// Config is what a Handler needs.
type Config struct {
	// Find returns a torrent by the number that paths have; the error may match
	// ErrNotFound, or say why it cannot be served now.
	Find    func(torrent int64) (*Show, error)
	Clock   clock.Clock
	Readers int // that are served at once; 32
}

// usualReaders is for some players, each of which opens a few connections.
const usualReaders = 32

// Handler serves torrents. Its methods are safe for concurrent use.
type Handler struct {
	cfg     Config
	key     [32]byte // of this run: paths end with it
	readers chan struct{}
}

// New returns a handler.
func New(cfg Config) *Handler {
	if cfg.Readers == 0 {
		cfg.Readers = usualReaders
	}
	h := &Handler{cfg: cfg, readers: make(chan struct{}, cfg.Readers)}
	_, _ = rand.Read(h.key[:]) // it does not fail
	return h
}

// all stands for all files of a torrent.
const all = -1

// Path returns where a file is for some time.
func (h *Handler) Path(torrent int64, f File, d time.Duration) string {
	return h.path(h.grant(torrent, f.Index, d), torrent, f)
}

// Playlist returns where a list of all that can be played is for some time, as
// players read it (M3U).
func (h *Handler) Playlist(torrent int64, d time.Duration) string {
	return Prefix + h.grant(torrent, all, d) + "/" + strconv.FormatInt(torrent, 10) + "/" + playlist
}

const playlist = "playlist.m3u8"

func (h *Handler) path(token string, torrent int64, f File) string {
	return fmt.Sprintf("%s%s/%d/%d/%s", Prefix, token, torrent, f.Index, url.PathEscape(path.Base(f.Name)))
}

// grant returns a token: when it ends, and a proof of 128 bits that we have said so.
func (h *Handler) grant(torrent int64, file int, d time.Duration) string {
	end := binary.BigEndian.AppendUint64(nil, uint64(h.cfg.Clock.Now().Add(d).Unix()))
	return base64.RawURLEncoding.EncodeToString(append(end, h.proof(torrent, file, end)...))
}

func (h *Handler) proof(torrent int64, file int, end []byte) []byte {
	mac := hmac.New(sha256.New, h.key[:])
	_, _ = fmt.Fprintf(mac, "%d/%d/%x", torrent, file, end) // a hash takes everything
	return mac.Sum(nil)[:16]
}

// granted reports whether a token is one for a file of a torrent, and still is.
func (h *Handler) granted(token string, torrent int64, file int) bool {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) != 24 {
		return false
	}
	return hmac.Equal(b[8:], h.proof(torrent, file, b[:8])) && h.cfg.Clock.Now().Unix() < int64(binary.BigEndian.Uint64(b))
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	switch {
	case !ours(r.Host):
		http.Error(w, "this name is not that of the server", http.StatusMisdirectedRequest)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	parts := strings.SplitN(strings.TrimPrefix(r.URL.Path, Prefix), "/", 4)
	if len(parts) < 3 || !strings.HasPrefix(r.URL.Path, Prefix) {
		http.NotFound(w, r)
		return
	}
	torrent, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	file, err := strconv.Atoi(parts[2])
	list := parts[2] == playlist && len(parts) == 3
	whole := h.granted(parts[0], torrent, all)
	if (list || err == nil && file >= 0) && (whole || !list && h.granted(parts[0], torrent, file)) {
		h.serve(w, r, torrent, file, list)
		return
	}
	http.NotFound(w, r)
}

// serve answers a request that has a right to it.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request, torrent int64, file int, list bool) {
	show, err := h.cfg.Find(torrent)
	switch {
	case errors.Is(err, ErrNotFound):
		http.NotFound(w, r)
		return
	case err != nil:
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	case list:
		token, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, Prefix), "/")
		show.list(w, func(f File) string { return "http://" + r.Host + h.path(token, torrent, f) })
		return
	}
	for _, f := range show.Files {
		if f.Index == file {
			h.file(w, r, show, f)
			return
		}
	}
	http.NotFound(w, r)
}

// file sends a file, if not too many are being sent.
func (h *Handler) file(w http.ResponseWriter, r *http.Request, show *Show, f File) {
	select {
	case h.readers <- struct{}{}:
		defer func() { <-h.readers }()
	default:
		w.Header().Set("Retry-After", "5")
		http.Error(w, "too many files are being read", http.StatusServiceUnavailable)
		return
	}
	content, err := show.Open(r.Context(), f.Index)
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	defer func() { _ = content.Close() }() // nothing was written
	kind, shown := typeOf(f.Name)
	header := w.Header()
	header.Set("Content-Type", kind)
	if !shown {
		header.Set("Content-Disposition", "attachment")
	}
	header.Set("ETag", fmt.Sprintf("%q", show.Tag+"-"+strconv.Itoa(f.Index)))
	http.ServeContent(&patient{ResponseWriter: w, clock: h.cfg.Clock}, r, "", time.Time{}, content)
}
