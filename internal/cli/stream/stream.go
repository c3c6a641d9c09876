// Package stream serves the files of one torrent to a player over HTTP, while they
// are fetched.
//
// Whoever can reach the address and does not know the path gets nothing: the path
// holds a token of 128 bits that is drawn anew each time. What torrents contain is
// somebody else's: a browser is told to run none of it.
package stream

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
)

// File is one that is served.
type File struct {
	Name  string // path in the torrent, with slashes
	Size  int64
	Index int // of the file in the torrent
}

// Open opens a file of the torrent, for as long as ctx lasts.
type Open func(ctx context.Context, file int) (io.ReadSeekCloser, error)

// Server serves files until it is closed.
type Server struct {
	base  string // http://HOST:PORT
	token string
	tag   string // tells the files of this torrent from others
	files []File
	open  Open
	http  http.Server
	end   context.CancelFunc
	done  chan struct{}
}

// readHeaderTimeout is how long a request may take to come in.
const readHeaderTimeout = 10 * time.Second

// Serve serves files on a listener, which it closes in the end. tag is part of the
// entity tags of the files, such as the info-hash.
func Serve(l net.Listener, tag string, files []File, open Open) *Server {
	s := &Server{
		base: "http://" + l.Addr().String(), token: rand.Text(), tag: tag,
		files: files, open: open, done: make(chan struct{}),
	}
	var ctx context.Context
	ctx, s.end = context.WithCancel(context.Background())
	s.http = http.Server{
		Handler: s, ReadHeaderTimeout: readHeaderTimeout,
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo), // it is of players that have gone
	}
	go func() {
		defer close(s.done)
		_ = s.http.Serve(l) // it ends with Close
	}()
	return s
}

// URL returns where a file is.
func (s *Server) URL(f File) string { return s.base + s.path(f) }

func (s *Server) path(f File) string {
	return "/" + s.token + "/" + strconv.Itoa(f.Index) + "/" + url.PathEscape(path.Base(f.Name))
}

// Playlist returns where a list of all that can be played is, as players read it
// (M3U).
func (s *Server) Playlist() string { return s.base + "/" + s.token + "/playlist.m3u8" }

// Close ends all transfers and waits.
func (s *Server) Close() error {
	s.end()
	ctx, cancel := context.WithTimeout(context.Background(), readHeaderTimeout)
	defer cancel()
	err := s.http.Shutdown(ctx) // the handlers were told
	if err != nil {
		err = errors.Join(err, s.http.Close())
	}
	<-s.done
	return err
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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
	token, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if subtle.ConstantTimeCompare([]byte(token), []byte(s.token)) != 1 {
		http.NotFound(w, r)
		return
	}
	if rest == "playlist.m3u8" {
		s.playlist(w, r.Host)
		return
	}
	number, _, _ := strings.Cut(rest, "/")
	for _, f := range s.files {
		if number == strconv.Itoa(f.Index) {
			s.file(w, r, f)
			return
		}
	}
	http.NotFound(w, r)
}

// protect keeps a browser from making anything of what is served.
func protect(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; media-src 'self'; img-src 'self'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
}

// ours reports whether a Host header can name this server. A web page may point a
// name of its own at this machine (DNS rebinding); an address it cannot.
func ours(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	_, err := netip.ParseAddr(host)
	return err == nil
}

func (s *Server) file(w http.ResponseWriter, r *http.Request, f File) {
	content, err := s.open(r.Context(), f.Index)
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	defer func() { _ = content.Close() }() // nothing was written
	kind, shown := typeOf(f.Name)
	h := w.Header()
	h.Set("Content-Type", kind)
	if !shown {
		h.Set("Content-Disposition", "attachment")
	}
	h.Set("ETag", fmt.Sprintf("%q", s.tag+"-"+strconv.Itoa(f.Index)))
	http.ServeContent(w, r, "", time.Time{}, content)
}

// playlist lists what can be played, as it is reached by who asks: another machine
// has no use for the address of a listener on all of them.
func (s *Server) playlist(w http.ResponseWriter, host string) {
	w.Header().Set("Content-Type", "application/vnd.apple.mpegurl")
	_, _ = io.WriteString(w, "#EXTM3U\n") // of a player that has gone nothing is to be said
	for _, f := range s.files {
		if Playable(f.Name) {
			_, _ = fmt.Fprintf(w, "#EXTINF:-1,%s\nhttp://%s%s\n", oneLine(path.Base(f.Name)), host, s.path(f))
		}
	}
}

// oneLine makes a name one that cannot add lines of its own.
func oneLine(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, name)
}
