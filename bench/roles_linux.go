package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/warren-p2p/warren/bench/internal/clients"
	"github.com/warren-p2p/warren/bench/internal/hashing"
	"github.com/warren-p2p/warren/bench/internal/limit"
)

// Roles are what this program does as a process of its own during a run.
const (
	roleAwait   = "await-seeder"
	roleHash    = "hash-raw"
	roleSend    = "limit-send"
	roleReceive = "limit-receive"
)

var errArguments = errors.New("wrong arguments")

// role runs a role, if args name one.
func role(ctx context.Context, args []string) (bool, error) {
	if len(args) == 0 {
		return false, nil
	}
	name, args := args[0], args[1:]
	want, known := map[string]int{roleAwait: 2, roleHash: 3, roleSend: 2, roleReceive: 4}[name]
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
