// Code generated from docs/openapi.json by internal/house/clientgen. DO NOT EDIT.

package warren

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"time"
)

// AskingBody is an object of the API.
type AskingBody struct {
	// What the backup is encrypted under; not at all if absent.
	Passphrase *string `json:"passphrase,omitzero"`
}

// Attr is an object of the API.
type Attr struct {
	// What it is about.
	Key string `json:"key"`

	// What it says.
	Value string `json:"value"`
}

// Blocked is an object of the API.
type Blocked struct {
	// Such as local network, or a kind of traffic; everything if the interface is away.
	What string `json:"what"`

	// In a sentence.
	Why string `json:"why"`
}

// Family is an object of the API.
type Family struct {
	// When somebody connected last.
	Arrived time.Time `json:"arrived"`

	// Why that is so: asking, closed, offline, connected, own-address, mapped, firewall,
	// refused, not-asked, carrier, no-router or two-routers.
	Cause string `json:"cause"`

	// Why the router has not passed on all ports.
	Error string `json:"error"`

	// Where others reach us, as far as is known.
	External string `json:"external"`

	// Address of this machine by which packets leave.
	Local string `json:"local"`

	// By which the router was asked for the port: PCP, NAT-PMP or UPnP.
	Method string `json:"method"`

	// The next hop.
	Router string `json:"router"`

	// As whom others see us.
	Seen string `json:"seen"`

	// Whether others can connect: yes if somebody on the Internet has. One of unknown,
	// unproven, probably, yes.
	State string `json:"state"`
}

// Interface is an object of the API.
type Interface struct {
	// From which packets leave.
	Addresses []string `json:"addresses"`

	// Whether sockets are bound to its addresses only, as the system has nothing better:
	// other routes can send packets elsewhere then.
	ByAddress bool `json:"by_address"`

	// As it was given: its name, or an address of it.
	Name string `json:"name"`

	// Whether packets leave by it.
	Up bool `json:"up"`

	// Why not.
	Why string `json:"why"`
}

// Line is an object of the API.
type Line struct {
	// What else it says.
	Attrs []Attr `json:"attrs"`

	// How much it matters. One of debug, info, warn, error.
	Level string `json:"level"`

	// Lines before this one that a reader was too slow for.
	Lost int64 `json:"lost"`

	// What happened.
	Message string `json:"message"`

	// Part of the program.
	Part string `json:"part"`

	// When.
	Time time.Time `json:"time"`
}

// Log is an object of the API.
type Log struct {
	// The oldest first.
	Lines []Line `json:"lines"`
}

// LogEvent is an object of the API.
type LogEvent struct {
	// Data of the event line.
	Line *Line `json:"line"`
}

// Network is an object of the API.
type Network struct {
	// What does not go at all, and why.
	Blocked []Blocked `json:"blocked"`

	// That by which everything leaves; absent if it leaves as the routes of the machine
	// say.
	Interface Interface `json:"interface"`

	// Whether nothing leaves while that interface is away: so wherever one is named.
	KillSwitch bool `json:"kill_switch"`

	// Those in use. If one is away nothing goes beside it.
	Proxies []Proxy `json:"proxies"`

	// By which way each kind of traffic leaves.
	Ways []Way `json:"ways"`
}

// Proxy is an object of the API.
type Proxy struct {
	// Its URL, without user and password.
	Proxy string `json:"proxy"`

	// Why the last attempt to reach it came to nothing.
	Trouble string `json:"trouble"`
}

// Reachability is an object of the API.
type Reachability struct {
	// What can be done, if anything has to be.
	Advice string `json:"advice"`

	// By IPv4.
	IPv4 Family `json:"ipv4"`

	// By IPv6.
	IPv6 Family `json:"ipv6"`

	// The node listens on; 0 without.
	Port int64 `json:"port"`

	// In a sentence.
	Summary string `json:"summary"`
}

// Setting is an object of the API.
type Setting struct {
	// The words it can be, if it is one of some.
	Choices []string `json:"choices"`

	// What it is unless something else is said, as it is typed.
	Default string `json:"default"`

	// Whether programs may not change it: it is set in the configuration file alone.
	Fixed bool `json:"fixed"`

	// What it is, for people.
	Help string `json:"help"`

	// Its name, with dots, as limits.up.
	Key string `json:"key"`

	// What it looks like, in words.
	Kind string `json:"kind"`

	// Whether it takes effect without a restart.
	Live bool `json:"live"`

	// Where the value came from; store is a change through the API. One of default, file,
	// store, env, flag.
	Origin string `json:"origin"`

	// What it is set to: text, true or false, a number, or a list of texts.
	Value any `json:"value"`
}

// Settings is an object of the API.
type Settings struct {
	// Those that were changed and wait for a restart.
	Restart []string `json:"restart"`

	// In the order of the configuration file.
	Settings []Setting `json:"settings"`
}

// Statistics is an object of the API.
type Statistics struct {
	// When the first step begins that may be there.
	From time.Time `json:"from"`

	// Bytes of content in all of it.
	Received int64 `json:"received"`

	// Bytes of content in all of it.
	Sent int64 `json:"sent"`

	// How far back it goes. One of hour, day, month, year, all.
	Span string `json:"span"`

	// Seconds that each step lasts.
	Step int64 `json:"step"`

	// The oldest first. The last goes on; where one is missing the node did not run.
	Steps []StatisticsStep `json:"steps"`
}

// StatisticsStep is an object of the API.
type StatisticsStep struct {
	// When the step begins.
	At time.Time `json:"at"`

	// Bytes of content.
	Received int64 `json:"received"`

	// Bytes of content.
	Sent int64 `json:"sent"`
}

// Status is an object of the API.
type Status struct {
	// Nodes of the DHT that are known; 0 if the node takes no part.
	DHTNodes int64 `json:"dht_nodes"`

	// Where peers connect.
	Listen []string `json:"listen"`

	// Settings that were changed and wait for a restart.
	Restart []string `json:"restart"`

	// Number of the newest change.
	Revision int64 `json:"revision"`

	// When the node was started.
	Started time.Time `json:"started"`

	// All torrents together.
	Totals Totals `json:"totals"`

	// Of the program.
	Version string `json:"version"`
}

// Way is an object of the API.
type Way struct {
	// How it leaves. One of direct, proxy, off.
	By string `json:"by"`

	// What the traffic is for. One of peers, trackers, web-seeds, dht, feeds, web, names.
	Kind string `json:"kind"`

	// URL of the proxy, without user and password.
	Proxy string `json:"proxy"`
}

// BackupNode: Get a backup of the whole node. What warren restore takes: identities and
// the owner's key are in it. An answer that is broken off is none. This is for the
// owner alone, by the key or in the browser: no token opens it.
func (c *Client) BackupNode(ctx context.Context, body AskingBody) (out []byte, err error) {
	err = c.do(ctx, "POST", "/api/v1/backup", nil, body, &out)
	return out, err
}

// GetLogQuery is what GetLog can be asked with; what is zero is left out.
type GetLogQuery struct {
	// Lines that matter at least so much. One of debug, info, warn, error.
	Level string
}

func (q GetLogQuery) values() url.Values {
	v := url.Values{}
	if q.Level != "" {
		v.Set("level", fmt.Sprint(q.Level))
	}
	return v
}

// GetLog: Show the newest lines of the log.
func (c *Client) GetLog(ctx context.Context, query GetLogQuery) (out Log, err error) {
	err = c.do(ctx, "GET", "/api/v1/log", query.values(), nil, &out)
	return out, err
}

// StreamLogQuery is what StreamLog can be asked with; what is zero is left out.
type StreamLogQuery struct {
	// Lines that matter at least so much. One of debug, info, warn, error.
	Level string
}

func (q StreamLogQuery) values() url.Values {
	v := url.Values{}
	if q.Level != "" {
		v.Set("level", fmt.Sprint(q.Level))
	}
	return v
}

// StreamLog: Follow the log. A stream of Server-Sent Events called line, which begins
// with the newest lines there are.
func (c *Client) StreamLog(ctx context.Context, query StreamLogQuery) iter.Seq2[LogEvent, error] {
	return stream[LogEvent](ctx, c, "/api/v1/log/events", query.values())
}

// GetNetwork: Show by which way traffic leaves, and what does not.
func (c *Client) GetNetwork(ctx context.Context) (out Network, err error) {
	err = c.do(ctx, "GET", "/api/v1/network", nil, nil, &out)
	return out, err
}

// GetReachability: Show whether others can connect, and where.
func (c *Client) GetReachability(ctx context.Context) (out Reachability, err error) {
	err = c.do(ctx, "GET", "/api/v1/reachability", nil, nil, &out)
	return out, err
}

// GetSettings: Show what can be set, and what it is set to. Secrets are left out; of
// URLs the host alone is shown, unless settings may be changed.
func (c *Client) GetSettings(ctx context.Context) (out Settings, err error) {
	err = c.do(ctx, "GET", "/api/v1/settings", nil, nil, &out)
	return out, err
}

// ChangeSettings: Change settings. All that are given, or none. What was set by the
// environment or a flag cannot be changed.
func (c *Client) ChangeSettings(ctx context.Context, body map[string]any) (out Settings, err error) {
	err = c.do(ctx, "PATCH", "/api/v1/settings", nil, body, &out)
	return out, err
}

// GetStatisticsQuery is what GetStatistics can be asked with; what is zero is left out.
type GetStatisticsQuery struct {
	// How far back: an hour in steps of 10 seconds, a day in steps of 10 minutes, 31 days
	// in hours, 366 days or all, which is two years, in days of UTC. One of hour, day,
	// month, year, all.
	Span string
}

func (q GetStatisticsQuery) values() url.Values {
	v := url.Values{}
	if q.Span != "" {
		v.Set("span", fmt.Sprint(q.Span))
	}
	return v
}

// GetStatistics: Show what was received and sent over time. Of all torrents, also those
// that are gone. The hour begins with the node; the rest outlasts it.
func (c *Client) GetStatistics(ctx context.Context, query GetStatisticsQuery) (out Statistics, err error) {
	err = c.do(ctx, "GET", "/api/v1/statistics", query.values(), nil, &out)
	return out, err
}

// GetStatus: Show how the node stands.
func (c *Client) GetStatus(ctx context.Context) (out Status, err error) {
	err = c.do(ctx, "GET", "/api/v1/status", nil, nil, &out)
	return out, err
}
