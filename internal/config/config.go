// Package config says how a node behaves: what can be set, where a value came from,
// and what is wrong with one.
//
// A value is the one of the last of these that has it: the default, the file
// config.toml, the store (what was changed while the node ran), the environment, the
// command line. [Load] refuses what is not known rather than passing over it: a
// mistyped limit would be none.
package config

import (
	"reflect"

	"github.com/warren-p2p/warren/internal/config/schema"
	"github.com/warren-p2p/warren/internal/words"
)

// Config is all that can be set. Package [schema] explains the tags.
type Config struct {
	Listen      string       `toml:"listen" default:":6881" help:"Where peers connect: HOST:PORT, or :PORT for all addresses of the machine. If the default is taken by another program, a free port is used instead, and told."`
	StopTimeout words.Period `toml:"stop-timeout" default:"30s" help:"How long stopping may take, trackers being told included. After that the node ends with what is on disk, which is enough to go on from."`

	Management Management `toml:"management" help:"The page and the API for whoever runs the node."`
	Paths      Paths      `toml:"paths" help:"Where files go. A path that is not absolute begins at the node's home; ~ is your home directory."`
	Limits     Limits     `toml:"limits" help:"How fast content moves, for all torrents together. 0 is no limit."`
	Schedule   Schedule   `toml:"schedule" help:"Which limits apply at which time of the week."`
	Queue      Queue      `toml:"queue" help:"How many torrents are active at a time; the others wait for their turn. 0 is any number."`
	Seeding    Seeding    `toml:"seeding" help:"When a complete torrent has given enough, unless it has goals of its own. 0 is never."`
	Peers      Peers      `toml:"peers" help:"With whom the node keeps company, and how it finds them."`
	Looks      Looks      `toml:"looks" help:"What others see of the port."`
	Network    Network    `toml:"network" help:"By which way packets leave."`
	Engine     Engine     `toml:"engine" help:"Memory and disk."`
	Tracker    Tracker    `toml:"tracker" help:"The tracker that is part of the node, for what it shares."`
	Feeds      Feeds      `toml:"feeds" help:"RSS and Atom feeds. Which ones, and what is taken of them, is set by the page or the API."`
	Hooks      Hooks      `toml:"hooks" help:"Programs that are run. They can be set here alone: an API that could set them could run anything."`
	RPC        RPC        `toml:"rpc" help:"The interfaces of Transmission and qBittorrent, for programs that know those."`
	Log        Log        `toml:"log" help:"What is written down."`

	from map[string]Origin
}

// Key is one value that can be set.
type Key = schema.Key

// Section is a table of the file.
type Section = schema.Section

// Sections returns all that can be set, in the order of the file.
func Sections() []Section { return schema.Of(reflect.TypeFor[Config]()) }

// Keys returns the same without the tables.
func Keys() []Key { return schema.Keys(Sections()) }

// Origin says where a value came from.
func (c Config) Origin(name string) Origin { return c.from[name] }

// Value returns what a key is set to, as the file and JSON have it: a string, bool,
// int, float64 or []string. It is nil for a key that does not exist.
func (c Config) Value(name string) any {
	k, ok := schema.Find(Keys(), name)
	if !ok {
		return nil
	}
	return k.Value(&c)
}

// Management is how the node is managed.
type Management struct {
	Listen  string   `toml:"listen" default:"127.0.0.1:9471" help:"Where the page and the API listen; addresses of this machine alone (127.0.0.1 or [::1])."`
	Hosts   []string `toml:"hosts" only:"true" help:"Further names by which a browser may ask for them, such as that of a proxy in front. Any other name is refused, so that no site can have a browser do it."`
	Metrics string   `toml:"metrics" default:"loopback" enum:"loopback,token,off" help:"Who may read /metrics: every program on this machine (loopback), who has a token, or nobody (off)."`
}

// Paths are where files go.
type Paths struct {
	Download   string   `toml:"download" default:"downloads" live:"true" help:"Where content of new torrents goes."`
	Incomplete string   `toml:"incomplete" live:"true" help:"Where it lies until it is complete, unless it was given a folder of its own; at its place from the start if this is empty."`
	Watch      []string `toml:"watch" live:"true" help:"Folders in which torrent files, and files with magnet links, are taken up by themselves. How may follow: \"/srv/in | category=tv | labels=a,b | dir=/srv/tv | paused | then=delete\"."`
}

// Limits are how fast content moves.
type Limits struct {
	Up          words.Speed `toml:"up" default:"0" live:"true" help:"Send no more than this in a second, such as 10MB."`
	Down        words.Speed `toml:"down" default:"0" live:"true" help:"Receive no more than this in a second."`
	Alternative Alternative `toml:"alternative" help:"The other limits, for when something else needs the line. They are switched on by hand, or by the schedule."`
}

// Alternative are limits that are switched on by hand or by the schedule.
type Alternative struct {
	Up   words.Speed `toml:"up" default:"50kB" live:"true" help:"Send no more than this in a second while they apply."`
	Down words.Speed `toml:"down" default:"50kB" live:"true" help:"Receive no more than this in a second while they apply."`
}

// Schedule is which limits apply when.
type Schedule struct {
	On    bool     `toml:"on" default:"true" live:"true" help:"Whether the rules are kept."`
	Rules []string `toml:"rules" live:"true" help:"What applies when, in the time of the machine: \"mon-fri 08:00-18:00 alternative\", \"sat,sun 23:00-07:00 up none\", \"daily 02:00-06:00 pause\", \"mon-thu 18:00-23:30 up 1MB down 5MB\"."`
}

// Queue is how many torrents are active.
type Queue struct {
	Downloads int `toml:"downloads" default:"0" live:"true" help:"How many fetch at a time."`
	Seeds     int `toml:"seeds" default:"0" live:"true" help:"How many that are complete serve at a time. What nobody asks for sleeps and takes no place."`
	Total     int `toml:"total" default:"0" live:"true" help:"How many of both."`
	// AddPaused belongs to what waits, too: for the user.
	AddPaused bool `toml:"add-paused" default:"false" live:"true" help:"Whether new torrents wait until they are started."`
}

// Seeding are the goals by default.
type Seeding struct {
	Ratio float64      `toml:"ratio" default:"0" live:"true" help:"How many times its size a torrent gives."`
	Time  words.Period `toml:"time" default:"0" live:"true" help:"How long it serves, such as 7d."`
	Idle  words.Period `toml:"idle" default:"0" live:"true" help:"How long it serves without anybody asking."`
	Then  string       `toml:"then" default:"pause" enum:"pause,remove,remove-content" live:"true" help:"What happens then. remove-content deletes its files as well."`
}

// Peers are those the node keeps company with.
type Peers struct {
	Max         int      `toml:"max" default:"500" help:"Connections with all of them."`
	PerTorrent  int      `toml:"per-torrent" default:"80" help:"Connections of one torrent."`
	UploadSlots int      `toml:"upload-slots" default:"0" help:"How many are served at once; 0 decides by the upload limit."`
	TLS         string   `toml:"tls" default:"prefer" enum:"off,prefer,require" live:"true" help:"Whether new torrents speak to peers over TLS: with every one that can (prefer), with no other (require), or not (off)."`
	UTP         string   `toml:"utp" default:"on" enum:"off,on,only" help:"Whether to speak to peers over uTP, which yields to other traffic and passes more routers: beside TCP (on), instead of it (only), or not (off)."`
	Trackers    bool     `toml:"trackers" default:"true" help:"Whether trackers are asked for peers."`
	DHT         bool     `toml:"dht" default:"true" not:"WARREN_NO_DHT" help:"Whether the node takes part in the public DHT and looks for peers there."`
	DHTNodes    []string `toml:"dht-nodes" env:"WARREN_DHT_NODE" help:"Enter the DHT by these nodes (HOST:PORT) instead of those that everybody knows."`
	LSD         bool     `toml:"lsd" default:"true" help:"Whether peers are sought in the local network."`
	Portmap     bool     `toml:"portmap" default:"true" not:"WARREN_NO_PORTMAP" help:"Whether the router is asked to pass the port on to this machine."`
	WebSeeds    bool     `toml:"web-seeds" default:"true" help:"Whether content is also fetched from the web servers that torrents name."`
	Block       []string `toml:"block" live:"true" help:"Files or URLs with addresses that are not spoken to: ipfilter.dat, P2P text, or addresses, ranges and CIDR prefixes, gzipped or not. Files are read again when they change, URLs every day."`
}

// Looks are what others see of the port.
type Looks struct {
	Hello          string `toml:"hello" default:"chrome" enum:"chrome,go" help:"What connections to peers over TLS look like: those of that browser, or those of a program."`
	Pad            bool   `toml:"pad" default:"false" help:"Fill small records over TLS up to 256 bytes or the next power of two, so that lengths tell less. About a thousandth more is sent while content moves."`
	Site           string `toml:"site" only:"true" help:"What visitors of the port see: the files in a folder, or the site at a URL; one that is made up for this home if this is empty."`
	Name           string `toml:"name" help:"A name under which others reach the port; it gets a certificate that browsers know, if port 443 or 80 of it leads here."`
	ACME           string `toml:"acme" default:"https://acme-v02.api.letsencrypt.org/directory" only:"true" help:"Directory of the authority that certificates for the name are asked of."`
	TLSCertificate string `toml:"tls-certificate" only:"true" help:"Show the certificate in this file (PEM, with its chain) instead; it is read again every hour."`
	TLSKey         string `toml:"tls-key" only:"true" help:"Its private key, if that is in another file."`
}

// Network is by which way packets leave.
type Network struct {
	Interface   string   `toml:"interface" help:"The network interface that everything leaves by, such as that of a VPN: wg0. Nothing leaves while it is not there."`
	NameServers []string `toml:"name-servers" help:"Who is asked for names, by that interface, instead of those that the machine asks: ADDRESS or ADDRESS:PORT."`
	Proxies     []string `toml:"proxies" only:"true" secret:"true" help:"By which proxies traffic leaves, such as socks5://USER:PASSWORD@HOST:PORT or http://HOST:PORT for everything, or peers=URL, trackers=URL, web-seeds=, dht=, feeds=, web= or names= for one kind, where the URL may also be direct or off. See the page on the network."`
}

// Engine is what memory and disk are used for.
type Engine struct {
	Memory  words.Size `toml:"memory" default:"32MiB" help:"For pieces that are under way."`
	Reserve words.Size `toml:"reserve" default:"64MiB" help:"What stays free on the volume that content is written to. Torrents wait while there is less."`
}

// Tracker is the node's own.
type Tracker struct {
	On      bool   `toml:"on" default:"true" help:"Whether the node is a tracker for the torrents it has, at an address that only who has the torrent knows."`
	List    bool   `toml:"list" default:"true" live:"true" help:"Whether torrents that are made by the node name it as a tracker, once it is known where others reach it. Those that demand TLS never do, nor private ones with other trackers."`
	Address string `toml:"address" live:"true" help:"Where others reach the port, for that: a name or an address, with :PORT if it is another port. By default looks.name, or what was found out; nothing that was found out if network.proxies are set."`
}

// Feeds are how often feeds are read.
type Feeds struct {
	On       bool         `toml:"on" default:"true" live:"true" help:"Whether they are read."`
	Interval words.Period `toml:"interval" default:"30m" live:"true" help:"How often, unless a feed says how long it stays as it is."`
}

// Hooks are programs that are run.
type Hooks struct {
	Complete []string `toml:"complete" only:"true" help:"A program that is run when a torrent is complete: its full path, then its arguments, in which {name}, {path} and the like stand for what happened. The environment tells it as well (WARREN_NAME, WARREN_PATH)."`
	Added    []string `toml:"added" only:"true" help:"The same when a torrent is added."`
	Failed   []string `toml:"failed" only:"true" help:"The same when a torrent needs you."`
	URL      string   `toml:"url" only:"true" help:"A web server that is told of all of these, as JSON."`
}

// RPC is what programs for other clients speak to.
type RPC struct {
	Transmission bool   `toml:"transmission" default:"true" help:"Whether Transmission's is offered, at /transmission/rpc."`
	QBittorrent  bool   `toml:"qbittorrent" default:"true" help:"Whether qBittorrent's is offered, at /api/v2."`
	Username     string `toml:"username" only:"true" help:"Who logs in to them. If this and the password are empty, every program on this machine may use them."`
	Password     string `toml:"password" only:"true" secret:"true" help:"With which password."`
}

// Log is what is written down.
type Log struct {
	Level  string     `toml:"level" default:"info" enum:"debug,info,warn,error,off" live:"true" help:"What is worth a line."`
	Levels []string   `toml:"levels" live:"true" help:"The same for parts of the program, such as \"dht=debug\"."`
	Format string     `toml:"format" default:"auto" enum:"auto,text,json" help:"text for people, json for programs; auto is text on a terminal."`
	File   string     `toml:"file" only:"true" help:"Write it to this file, too, as JSON."`
	Size   words.Size `toml:"size" default:"10MB" help:"How large that file and the one before it may become."`
	Redact bool       `toml:"redact" default:"true" help:"Whether addresses, hashes of torrents, keys and tokens are left out of what is written."`
}
