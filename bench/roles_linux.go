package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/warren-p2p/warren/bench/internal/announces"
	"github.com/warren-p2p/warren/bench/internal/clients"
	"github.com/warren-p2p/warren/bench/internal/crowd"
	"github.com/warren-p2p/warren/bench/internal/hashing"
	"github.com/warren-p2p/warren/bench/internal/household"
	"github.com/warren-p2p/warren/bench/internal/limit"
)

// Roles are what this program does as a process of its own during a run.
const (
	roleAwait    = "await-seeder"
	roleHash     = "hash-raw"
	roleSend     = "limit-send"
	roleReceive  = "limit-receive"
	rolePrepare  = "crowd-prepare"
	roleServe    = "crowd-serve"
	roleNode     = "idle-node"
	rolePeers    = "idle-peers"
	roleAnnounce = "announce"
	roleFill     = "node-fill"
)

var errArguments = errors.New("wrong arguments")

// role runs a role, if args name one.
func role(ctx context.Context, args []string) (bool, error) {
	if len(args) == 0 {
		return false, nil
	}
	name, args := args[0], args[1:]
	want, known := map[string]int{roleAwait: 2, roleHash: 3, roleSend: 2, roleReceive: 4,
		roleAnnounce: 3, rolePrepare: 2, roleServe: 3, roleNode: 3, rolePeers: 4, roleFill: 2}[name]
	if !known {
		return false, nil
	}
	if len(args) != want {
		return true, fmt.Errorf("%s: %w: %q", name, errArguments, args)
	}
	switch name {
	case roleAwait:
		return true, clients.AwaitSeeder(ctx, args[0], args[1])
	case roleHash:
		n, err := strconv.ParseInt(args[1], 10, 64)
		if err != nil {
			return true, fmt.Errorf("%s: %w: %w", name, errArguments, err)
		}
		return true, hashing.Raw(ctx, args[2], args[0], n)
	case roleAnnounce:
		return true, announces.Role(ctx, args[0], args[1], args[2], os.Stdout)
	case rolePrepare, roleServe, roleNode, rolePeers, roleFill:
		return true, crowdRole(ctx, name, args)
	}
	size, err1 := strconv.ParseInt(args[0], 10, 64)
	piece, err2 := strconv.ParseInt(args[1], 10, 64)
	if err := errors.Join(err1, err2); err != nil {
		return true, fmt.Errorf("%s: %w: %w", name, errArguments, err)
	}
	spec := limit.Spec{Bytes: size, PieceLength: piece}
	if name == roleSend {
		return true, limit.Send(ctx, spec, func(addr string) { fmt.Println(limit.Announce + addr) })
	}
	took, err := limit.Receive(ctx, spec, args[2], args[3])
	if err != nil {
		return true, err
	}
	return true, json.NewEncoder(os.Stdout).Encode(limit.Told{Seconds: took.Seconds()})
}

// crowdRole is a process of a crowd, or one end of idle connections: its
// directory or address comes first, the number of them after it.
func crowdRole(ctx context.Context, name string, args []string) error {
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return fmt.Errorf("%s: %w: %w", name, errArguments, err)
	}
	out := json.NewEncoder(os.Stdout)
	tell := func(t crowd.Told) { _ = out.Encode(t) } // nobody listens any more: we are stopped soon
	switch name {
	case roleFill:
		return household.Fill(ctx, args[0], n)
	case rolePrepare:
		return crowd.Prepare(ctx, args[0], n)
	case roleNode:
		return crowd.Node(ctx, args[0], n, args[2], tell)
	case rolePeers:
		return crowd.Peers(ctx, args[0], n, args[2], args[3], tell)
	}
	settle, err := time.ParseDuration(args[2])
	if err != nil {
		return fmt.Errorf("%s: %w: %w", name, errArguments, err)
	}
	return crowd.Serve(ctx, args[0], n, settle, tell)
}
