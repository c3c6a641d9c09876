//go:build linux

// Package clients knows how to run each BitTorrent program as one side of a
// transfer: its command line, its settings, and how it tells that it is ready
// or done.
package clients

import (
	"io/fs"
	"net"

	"github.com/warren-p2p/warren/bench/internal/process"
)

// Port is where every node listens, each in its own network namespace.
const Port = "6881"

// Events of a node's output.
const (
	Ready  = "ready" // a seeder serves
	Done   = "done"  // a downloader has everything, verified
	Failed = "error" // it gave up
)

// Client is a BitTorrent program with its settings.
type Client interface {
	// Name is the program's name, Variant its settings, Mode "plain" or "TLS".
	Name() string
	Variant() string
	Mode() string
	// Moves reports whether it can handle torrents of a kind: v1, v2, hybrid.
	Moves(kind string) bool
	// Tracked reports whether nodes find each other through a tracker; then
	// readiness is what the tracker says, not an event.
	Tracked() bool
	// Setup is how to run it as n.
	Setup(n Node) Setup
}

// Node is one side of a transfer. Paths are absolute.
type Node struct {
	Seeder  bool
	State   string   // the node's own empty directory
	Content string   // directory the content lies in or lands in
	Torrent string   // metainfo file, with the tracker in it if the client is Tracked
	Host    string   // address to listen on
	Peers   []string // host:port to connect to
	Swarm   bool     // other downloaders will connect to this one
	// SeedLimit is what the swarm's seeder may send, in bytes a second; 0 for
	// no limit.
	SeedLimit int64
	Done      string // a file to make when everything is there, for clients that run a hook
}

// Listen is the node's host:port.
func (n Node) Listen() string { return net.JoinHostPort(n.Host, Port) }

// Setup is a command with the files it wants in its state directory.
type Setup struct {
	process.Command
	Files []File
	Exits bool // a downloader exits with status 0 when it is done
}

// File is a file of the state directory.
type File struct {
	Name    string
	Content string
	Link    string // if set, a symbolic link to this path
	Perm    fs.FileMode
}

// hook is a program that makes the node's Done file.
func hook(n Node) File {
	return File{Name: "done.sh", Content: "#!/bin/sh\n: > '" + n.Done + "'\n", Perm: 0o755}
}
