//go:build linux

package hostile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// Server is a tracker or a web seed. Each request is a visit.
type Server struct {
	Visits
	URL    string // of its root, with a slash
	server http.Server
	done   chan struct{}
}

// Serve starts a server on loopback.
func Serve(answer func(w http.ResponseWriter, r *http.Request)) (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("serve: %w", err)
	}
	s := &Server{URL: "http://" + l.Addr().String() + "/", done: make(chan struct{})}
	s.server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.Begin()()
		answer(w, r)
	})
	go func() {
		defer close(s.done)
		_ = s.server.Serve(l)
	}()
	return s, nil
}

// Close ends it.
func (s *Server) Close() {
	_ = s.server.Close()
	<-s.done
}

// Garbage answers with what is no answer.
func Garbage(w http.ResponseWriter, _ *http.Request) {
	_, _ = w.Write([]byte("\x00\xff<html>d5:peers"))
}

// Endless answers without end.
func Endless(w http.ResponseWriter, _ *http.Request) {
	for part := make([]byte, 1<<20); ; {
		if _, err := w.Write(part); err != nil {
			return
		}
	}
}

// Elsewhere redirects to a place.
func Elsewhere(url string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, url, http.StatusFound) }
}

// Peers answers an announce with so many peers, where nobody is (BEP 23).
func Peers(n int) func(http.ResponseWriter, *http.Request) {
	var list []byte
	for range n {
		a := Somewhere()
		list = binary.BigEndian.AppendUint16(append(list, a.Addr().AsSlice()...), a.Port())
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, "d8:intervali1e5:peers%d:%se", len(list), list)
	}
}

// OtherBytes answers for a file of a size as a web seed does, with zeros.
func OtherBytes(size int64) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "file.bin", time.Time{}, bytes.NewReader(make([]byte, size)))
	}
}

// NeverEnding promises the right range and goes on behind it without end.
func NeverEnding(size int64) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		var from, to int64
		if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &from, &to); err != nil {
			from, to = 0, size-1
		}
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to, size))
		w.WriteHeader(http.StatusPartialContent)
		for { // a byte now and then, so that it is never silent
			if _, err := w.Write([]byte{0}); err != nil {
				return
			}
			if f, ok := w.(http.Flusher); ok {
				f.Flush()
			}
			select {
			case <-r.Context().Done():
				return
			case <-time.After(100 * time.Millisecond):
			}
		}
	}
}

// Node is a node of the DHT that answers with nonsense. Each query is a visit.
type Node struct {
	Visits
	Addr string
	conn net.PacketConn
	done chan struct{}
}

// Babble starts a node on loopback.
func Babble() (*Node, error) {
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("babble: %w", err)
	}
	n := &Node{Addr: c.LocalAddr().String(), conn: c, done: make(chan struct{})}
	go n.run()
	return n, nil
}

func (n *Node) run() {
	defer close(n.done)
	b := make([]byte, 4096)
	for {
		k, from, err := n.conn.ReadFrom(b)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		n.Begin()()
		for _, answer := range nonsense(string(b[:k])) {
			_, _ = n.conn.WriteTo([]byte(answer), from)
		}
	}
}

// nonsense answers a query: with its transaction, and without one.
func nonsense(query string) []string {
	_, tail, _ := strings.Cut(query, "1:t")
	t, _, _ := strings.Cut(tail, "1:y")
	reply := func(body string) string { return "d1:rd2:id20:abcdefghij0123456789" + body + "e1:t" + t + "1:y1:re" }
	return []string{
		"", "d", "de", "garbage", strings.Repeat("d1:a", 300), "d1:rle1:t" + t + "1:y1:re",
		reply("6:valuesl0:1:aee"), reply("5:nodes1:a"), reply("6:nodes637:" + strings.Repeat("a", 37)),
		"d1:ei5e1:t" + t + "1:y1:ee", "d1:q13:announce_peer1:t2:aa1:y1:qe", strings.Repeat("x", 60_000),
	}
}

// Close ends it.
func (n *Node) Close() {
	_ = n.conn.Close()
	<-n.done
}
