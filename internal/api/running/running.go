// Package running is the part of the API about the node as it runs: how it stands, how
// others reach it, what can be set, and what its log says.
package running

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/changes"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/logs"
	"github.com/warren-p2p/warren/internal/netpolicy/traffic"
	"github.com/warren-p2p/warren/internal/reachable"
	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/swarm/reachability"
)

// Node is what is asked.
type Node interface {
	Settings() config.Config
	ChangeSettings(ctx context.Context, patch map[string]any) error
	Waiting() []string
	Reachability() reachability.Report
	Addresses() []string
}

// Service is the operations.
type Service struct {
	Node    Node
	Library *library.Library
	Session *swarm.Session
	Logs    *logs.Logs
	Clock   clock.Clock
	Traffic func() traffic.Status
	Version string
	Home    string // the directory
	Started time.Time
	Base    func() int64 // what is added to revisions
}

// Status is how the node stands.
type Status struct {
	Version  string         `json:"version" doc:"Of the program."`
	Started  time.Time      `json:"started" doc:"When the node was started."`
	Revision int64          `json:"revision" doc:"Number of the newest change."`
	Listen   []string       `json:"listen" nullable:"false" doc:"Where peers connect."`
	Totals   changes.Totals `json:"totals" doc:"All torrents together."`
	DHTNodes int            `json:"dht_nodes" doc:"Nodes of the DHT that are known; 0 if the node takes no part."`
	Restart  []string       `json:"restart" nullable:"false" doc:"Settings that were changed and wait for a restart."`
}

// Family is how it stands with one family of addresses.
type Family struct {
	State    string    `json:"state" enum:"unknown,unproven,probably,yes" doc:"Whether others can connect: yes if somebody on the Internet has."`
	Cause    string    `json:"cause" doc:"Why that is so: asking, closed, offline, connected, own-address, mapped, firewall, refused, not-asked, carrier, no-router or two-routers."`
	Local    string    `json:"local,omitempty" doc:"Address of this machine by which packets leave."`
	Router   string    `json:"router,omitempty" doc:"The next hop."`
	External string    `json:"external,omitempty" doc:"Where others reach us, as far as is known."`
	Seen     string    `json:"seen,omitempty" doc:"As whom others see us."`
	Method   string    `json:"method,omitempty" doc:"By which the router was asked for the port: PCP, NAT-PMP or UPnP."`
	Arrived  time.Time `json:"arrived,omitzero" doc:"When somebody connected last."`
	Error    string    `json:"error,omitempty" doc:"Why the router has not passed on all ports."`
}

// Reachability says whether others can connect.
type Reachability struct {
	Port    int    `json:"port" doc:"The node listens on; 0 without."`
	Summary string `json:"summary" doc:"In a sentence."`
	Advice  string `json:"advice,omitempty" doc:"What can be done, if anything has to be."`
	IPv4    Family `json:"ipv4" doc:"By IPv4."`
	IPv6    Family `json:"ipv6" doc:"By IPv6."`
}

const tag = "Node"

// Register adds the operations.
func (s Service) Register(r *operation.Registrar, unwrap func(huma.Context) http.ResponseWriter) {
	type status struct{ Body Status }
	operation.Register(r, operation.Op{
		ID: "get-status", Method: http.MethodGet, Path: "/status", Tag: tag, Scope: access.Read, Summary: "Show how the node stands",
	}, func(context.Context, *operation.Empty) (*status, error) { return &status{s.status()}, nil })
	type reach struct{ Body Reachability }
	operation.Register(r, operation.Op{
		ID: "get-reachability", Method: http.MethodGet, Path: "/reachability", Tag: tag, Scope: access.Read,
		Summary: "Show whether others can connect, and where",
	}, func(context.Context, *operation.Empty) (*reach, error) {
		return &reach{Reach(s.Node.Reachability())}, nil
	})
	s.registerSettings(r)
	s.registerLog(r, unwrap)
	s.registerNetwork(r)
	s.registerStatistics(r)
	s.registerBackup(r, unwrap)
}

func (s Service) status() Status {
	revision := int64(s.Library.Refresh())
	out := Status{
		Version: s.Version, Started: s.Started.UTC().Truncate(time.Second), Revision: s.Base() + revision,
		Listen: []string{}, Totals: *changes.TotalsOf(s.Library.Totals()), Restart: []string{},
	}
	out.Listen = append(out.Listen, s.Node.Addresses()...)
	out.Restart = append(out.Restart, s.Node.Waiting()...)
	if dht, ok := s.Session.DHT(); ok {
		out.DHTNodes = dht.Nodes
	}
	return out
}

// Reach shows a report.
func Reach(report reachability.Report) Reachability {
	out := Reachability{Port: int(report.Port), IPv4: family(report.IPv4), IPv6: family(report.IPv6)}
	out.Summary, out.Advice = reachable.Words(report)
	if out.Summary == "" {
		out.Summary = "It is not known whether others can connect."
	}
	return out
}

func family(f reachability.Family) Family {
	out := Family{
		State: f.State.String(), Cause: f.Cause.String(), Local: address(f.Local), Router: address(f.Router), Seen: address(f.Seen), Method: f.Method,
	}
	if f.External.IsValid() {
		out.External = f.External.String()
		if f.External.Port() == 0 {
			out.External = f.External.Addr().String()
		}
	}
	if !f.Arrived.IsZero() {
		out.Arrived = f.Arrived.UTC().Truncate(time.Second)
	}
	if f.Err != nil {
		out.Error = f.Err.Error()
	}
	return out
}

func address(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}
