package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/warren-p2p/warren/btls/hello"
	"github.com/warren-p2p/warren/internal/blocklist"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
	"github.com/warren-p2p/warren/internal/timetable"
	"github.com/warren-p2p/warren/internal/watch"
	"github.com/warren-p2p/warren/internal/words"
)

// errOnly reports a change by a program of what only people may set.
var errOnly = errors.New("programs may not change this: set it in the configuration file")

// check refuses what cannot be meant, value by value.
func (l *loader) check() {
	c := &l.c
	l.refuse("listen", address(c.Listen))
	l.refuse("management.listen", loopback(c.Management.Listen))
	l.refuse("management.hosts", hosts(c.Management.Hosts))
	l.refuse("looks.name", serverName(c.Looks.Name))
	l.refuse("tracker.address", outside(c.Tracker.Address))
	l.refuse("looks.acme", webURL(c.Looks.ACME))
	l.refuse("peers.dht-nodes", nodes(c.Peers.DHTNodes))
	l.refuse("schedule.rules", rules(c.Schedule.Rules))
	l.refuse("network.interface", network(c.Network.Interface, nil, nil))
	l.refuse("network.name-servers", network("", c.Network.NameServers, nil))
	if network("", c.Network.NameServers, nil) == nil {
		l.refuse("network.proxies", network("", c.Network.NameServers, c.Network.Proxies))
	}
	l.refuse("log.levels", levels(c.Log.Levels))
	l.refuse("paths.download", notEmpty(c.Paths.Download))
	l.refuse("paths.watch", folders(c.Paths.Watch))
	l.refuse("peers.block", lists(c.Peers.Block))
	l.refuse("stop-timeout", between(c.StopTimeout, time.Second, time.Hour))
	l.refuse("feeds.interval", between(c.Feeds.Interval, time.Minute, 365*24*time.Hour))
	for _, n := range []struct {
		key   string
		value int64
		least int64
	}{
		{"peers.max", int64(c.Peers.Max), 1},
		{"peers.per-torrent", int64(c.Peers.PerTorrent), 1},
		{"engine.memory", int64(c.Engine.Memory), 4 << 20},
		{"log.size", int64(c.Log.Size), 64 << 10},
	} {
		if n.value < n.least {
			l.refuse(n.key, fmt.Errorf("%d: want %d or more", n.value, n.least))
		}
	}
	if c.Looks.TLSKey != "" && c.Looks.TLSCertificate == "" {
		l.refuse("looks.tls-key", errors.New("it goes with looks.tls-certificate, which is not set"))
	}
	if (c.RPC.Username == "") != (c.RPC.Password == "") {
		l.refuse("rpc.password", errors.New("rpc.username and rpc.password go together: set both or neither"))
	}
}

// refuse notes what is wrong with a value, where it was read.
func (l *loader) refuse(name string, err error) {
	if err != nil {
		l.wrong = append(l.wrong, &KeyError{name, l.c.from[name], l.where[name], err})
	}
}

func address(a string) error {
	if _, port, err := net.SplitHostPort(a); err != nil || !isPort(port) {
		return fmt.Errorf("%q: want HOST:PORT, such as :6881 or 192.0.2.1:6881", words.Plain(a))
	}
	return nil
}

// outside checks an address at which others reach the port, with one of its own or not.
func outside(a string) error {
	host, port, err := net.SplitHostPort(a)
	if err != nil {
		host, port = a, "1"
	}
	if n, perr := strconv.ParseUint(port, 10, 16); perr == nil && n > 0 && (host != "" || a == "") {
		if _, ip := netip.ParseAddr(host); ip == nil || serverName(host) == nil {
			return nil
		}
	}
	return fmt.Errorf("%q: want a name or an address, with a port or without, such as node.example:6881", words.Plain(a))
}

func isPort(s string) bool {
	_, err := strconv.ParseUint(s, 10, 16)
	return err == nil
}

// loopback lets in addresses of this machine alone: whoever reaches the management
// and has the token owns the node.
func loopback(a string) error {
	at, err := netip.ParseAddrPort(strings.Replace(a, "localhost:", "127.0.0.1:", 1))
	if err != nil {
		return fmt.Errorf("%q: want an address of this machine with a port, such as 127.0.0.1:9471", words.Plain(a))
	}
	if !at.Addr().Unmap().IsLoopback() {
		return fmt.Errorf("%q: the management is for this machine alone: want 127.0.0.1:%d; from elsewhere reach it through ssh -L, or a proxy that asks for a password", a, at.Port())
	}
	return nil
}

func hosts(list []string) error {
	for _, h := range list {
		if h == "" || strings.ContainsAny(h, "/:@ *") {
			return fmt.Errorf("%q: want the name of a host without a port, such as warren.example", words.Plain(h))
		}
	}
	return nil
}

func serverName(name string) error {
	if got, err := hello.ServerName(name); err != nil || name != "" && got == "" {
		return fmt.Errorf("%q: want the name of a host, such as node.example (xn--… if it has other letters)", words.Plain(name))
	}
	return nil
}

func webURL(text string) error {
	if u, err := url.Parse(text); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("%q: want a URL, such as https://acme.example/directory", words.Plain(text))
	}
	return nil
}

func nodes(list []string) error {
	for _, n := range list {
		if host, port, err := net.SplitHostPort(n); err != nil || host == "" || !isPort(port) || port == "0" {
			return fmt.Errorf("%q: want HOST:PORT, such as dht.example:6881", words.Plain(n))
		}
	}
	return nil
}

func rules(list []string) error {
	for _, text := range list {
		var r timetable.Rule
		if err := r.UnmarshalText([]byte(text)); err != nil {
			return fmt.Errorf("%q: %w", words.Plain(text), err)
		}
	}
	_, err := timetable.ParsePlan(list, time.UTC) // which is a plan in any zone
	return err
}

// folders, lists and networks are checked as those who use them do: a node that is told to use
// what it cannot would not start again.
func folders(texts []string) error {
	list, err := watch.ParseFolders(texts, full)
	if err != nil {
		return err
	}
	return watch.Check(list)
}

func lists(sources []string) error {
	all := make([]string, len(sources))
	for i, at := range sources {
		if all[i] = at; !strings.Contains(at, "://") {
			all[i] = full(at)
		}
	}
	return blocklist.Check(all)
}

func network(ifName string, nameServers, proxies []string) error {
	_, err := traffic.Parse(ifName, nameServers, proxies)
	return err
}

// full makes a full path of one that may begin at the home, wherever that is.
func full(path string) string {
	if at, err := filepath.Abs(path); err == nil {
		return at
	}
	return path
}

func levels(list []string) error {
	for _, one := range list {
		part, level, ok := strings.Cut(one, "=")
		if !ok || part == "" || !slices.Contains([]string{"debug", "info", "warn", "error", "off"}, level) {
			return fmt.Errorf("%q: want a part of the program and debug, info, warn, error or off, such as \"dht=debug\"", words.Plain(one))
		}
	}
	return nil
}

func notEmpty(path string) error {
	if strings.TrimSpace(path) == "" {
		return errors.New("it is empty: name a folder, such as /srv/downloads")
	}
	return nil
}

func between(p words.Period, least, most time.Duration) error {
	if d := time.Duration(p); d < least || d > most {
		return fmt.Errorf("%v: want something from %v to %v", p, words.Period(least), words.Period(most))
	}
	return nil
}
