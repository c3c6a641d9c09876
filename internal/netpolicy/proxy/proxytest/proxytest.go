// Package proxytest is a proxy for tests: SOCKS5 with passwords and datagrams, and HTTP
// with CONNECT, on one port, over sockets of anybody's.
package proxytest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync"

	"github.com/warren-p2p/warren/internal/netpolicy/socks"
)

// Sockets are those of the machine that the proxy is on.
type Sockets interface {
	Listen(addr string) (net.Listener, error)
	Dial(addr string) (net.Conn, error)
	ListenPacket(addr string) (net.PacketConn, error)
}

// Config says what the proxy does.
type Config struct {
	Sockets Sockets
	Host    string     // an address of the machine
	Auth    socks.Auth // asked for, unless it is zero
	NoUDP   bool       // passes on no datagrams
	// Lookup returns the address of a name; without it none is known.
	Lookup func(name string) string
}

// Server is a running proxy.
type Server struct {
	cfg    Config
	l      net.Listener
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu       sync.Mutex
	targets  []string
	controls []net.Conn // of datagrams
	open     map[io.Closer]struct{}
}

// Start starts a proxy at a port of the host, 0 for a free one.
func Start(cfg Config, port int) (*Server, error) {
	l, err := cfg.Sockets.Listen(net.JoinHostPort(cfg.Host, strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, l: l, open: map[io.Closer]struct{}{}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.keep(c)
			s.wg.Go(func() {
				defer s.drop(c)
				s.serve(c)
			})
		}
	})
	return s, nil
}

// Addr returns where the proxy is.
func (s *Server) Addr() string { return s.l.Addr().String() }

// Targets returns what clients wanted to reach, as they wrote it.
func (s *Server) Targets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.targets...)
}

// DropDatagrams ends all associations for datagrams.
func (s *Server) DropDatagrams() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.controls {
		_ = c.Close()
	}
	s.controls = nil
}

// Close ends the proxy and what goes through it.
func (s *Server) Close() {
	s.cancel()
	_ = s.l.Close()
	s.mu.Lock()
	for c := range s.open {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}

func (s *Server) keep(c io.Closer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[c] = struct{}{}
	if s.ctx.Err() != nil {
		_ = c.Close()
	}
}

func (s *Server) drop(c io.Closer) {
	_ = c.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c)
}

// serve reads what a client wants.
func (s *Server) serve(c net.Conn) {
	r := bufio.NewReader(c)
	first, err := r.Peek(1)
	if err != nil {
		return
	}
	if first[0] != 5 {
		s.serveHTTP(c, r)
		return
	}
	cmd, target, ok := s.greet(c, r)
	switch {
	case !ok:
	case cmd == byte(socks.Connect):
		s.tunnel(c, r, target, func(ok bool) { reply(c, map[bool]byte{true: 0, false: 5}[ok], "0.0.0.0:0") })
	case cmd == byte(socks.Associate) && !s.cfg.NoUDP:
		s.associate(c)
	default:
		reply(c, byte(socks.CommandUnsupported), "0.0.0.0:0")
	}
}

func (s *Server) serveHTTP(c net.Conn, r *bufio.Reader) {
	req, err := http.ReadRequest(r)
	if err != nil {
		return
	}
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(s.cfg.Auth.User+":"+s.cfg.Auth.Password))
	if req.Method != http.MethodConnect || s.cfg.Auth != (socks.Auth{}) && req.Header.Get("Proxy-Authorization") != want {
		_, _ = io.WriteString(c, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
		return
	}
	s.tunnel(c, r, req.Host, func(ok bool) {
		_, _ = io.WriteString(c, map[bool]string{true: "HTTP/1.1 200 OK\r\n\r\n", false: "HTTP/1.1 502 Bad Gateway\r\n\r\n"}[ok])
	})
}

// greet reads a SOCKS client's greeting and request.
func (s *Server) greet(c net.Conn, r *bufio.Reader) (cmd byte, target string, ok bool) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, "", false
	}
	methods := make([]byte, head[1])
	if _, err := io.ReadFull(r, methods); err != nil {
		return 0, "", false
	}
	if s.cfg.Auth == (socks.Auth{}) {
		_, _ = c.Write([]byte{5, 0})
	} else if !s.password(c, r, methods) {
		return 0, "", false
	}
	var req [4]byte
	if _, err := io.ReadFull(r, req[:]); err != nil {
		return 0, "", false
	}
	size := map[byte]int{1: 4, 4: 16}[req[3]]
	if req[3] == 3 {
		n, _ := r.ReadByte() // a missing one shows below
		size = int(n)
	}
	b := make([]byte, size+2)
	if _, err := io.ReadFull(r, b); err != nil {
		return 0, "", false
	}
	host := string(b[:size])
	if ip, ok := netip.AddrFromSlice(b[:size]); ok && req[3] != 3 {
		host = ip.String()
	}
	return req[1], net.JoinHostPort(host, strconv.Itoa(int(binary.BigEndian.Uint16(b[size:])))), true
}

func (s *Server) password(c net.Conn, r *bufio.Reader, methods []byte) bool {
	if !bytes.Contains(methods, []byte{2}) {
		_, _ = c.Write([]byte{5, 0xff})
		return false
	}
	_, _ = c.Write([]byte{5, 2})
	_, _ = r.ReadByte() // the version; what is missing shows below
	if word(r) != s.cfg.Auth.User || word(r) != s.cfg.Auth.Password {
		_, _ = c.Write([]byte{1, 1})
		return false
	}
	_, _ = c.Write([]byte{1, 0})
	return true
}

// word reads a string after its length, "" if there is none.
func word(r *bufio.Reader) string {
	n, err := r.ReadByte()
	b := make([]byte, n)
	if _, bad := io.ReadFull(r, b); err != nil || bad != nil {
		return ""
	}
	return string(b)
}

func reply(c net.Conn, code byte, at string) {
	ap := netip.MustParseAddrPort(at)
	b := append([]byte{5, code, 0, 1}, ap.Addr().AsSlice()...)
	_, _ = c.Write(binary.BigEndian.AppendUint16(b, ap.Port()))
}
