// Package proxy lets traffic out by a proxy: SOCKS5 (RFC 1928), or HTTP with CONNECT
// (RFC 9110, section 9.3.6).
//
// Names are left to the proxy. Where an address is needed, a name server is asked
// through the proxy if one was named, and otherwise nobody: a look-up never goes beside
// it. Datagrams go by UDP ASSOCIATE, if the proxy offers it. Nobody can connect to us
// by a proxy.
package proxy

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/warren-p2p/warren/internal/netpolicy/socks"
)

// Server is a proxy.
type Server struct {
	Scheme string // socks5, http, or https for HTTP over TLS
	Addr   string // "host:port"
	Auth   socks.Auth
}

// Parse reads the URL of a proxy, such as socks5://user:password@192.0.2.1:1080. The
// error does not show it: there may be a password in it.
func Parse(text string) (Server, error) {
	u, err := url.Parse(text)
	if err != nil {
		return Server{}, fmt.Errorf("the URL of a proxy cannot be read: want socks5://HOST:PORT or http://HOST:PORT")
	}
	s := Server{Scheme: strings.ToLower(u.Scheme)}
	if s.Scheme == "socks5h" { // what curl calls it if names are left to the proxy, as they are here
		s.Scheme = "socks5"
	}
	port, known := map[string]string{"socks5": "1080", "http": "3128", "https": "443"}[s.Scheme]
	if !known {
		return Server{}, fmt.Errorf("a proxy of kind %q is not known: want socks5://HOST:PORT, http://HOST:PORT or https://HOST:PORT", u.Scheme)
	}
	if u.Port() != "" {
		port = u.Port()
	}
	if u.Hostname() == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return Server{}, fmt.Errorf("the URL of a proxy has a host, perhaps a port, a user and a password, and no more")
	}
	s.Addr = net.JoinHostPort(u.Hostname(), port)
	s.Auth.User = u.User.Username()
	s.Auth.Password, _ = u.User.Password()
	if len(s.Auth.User) > 255 || len(s.Auth.Password) > 255 || s.Auth.User == "" && s.Auth.Password != "" {
		return Server{}, fmt.Errorf("a proxy takes a user and a password of 255 bytes at most each, and none without the other")
	}
	return s, nil
}

// String names the proxy without what is secret.
func (s Server) String() string { return s.Scheme + "://" + s.Addr }

// local reports whether the proxy is on this machine.
func (s Server) local() bool {
	host, _, _ := net.SplitHostPort(s.Addr)
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
