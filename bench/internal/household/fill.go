//go:build linux

// Package household measures a whole node with many torrents that nobody wants: how
// long after its start its API lists all of them, and what it holds when all is quiet.
package household

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"

	"github.com/warren-p2p/warren/bench/internal/crowd"
	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/node"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
)

// homeDir is the node's, below the directory of the crowd.
const homeDir = "node"

// flags keep the node to this machine.
func flags() map[string]string {
	return map[string]string{
		"listen": "127.0.0.1:0", "management.listen": "127.0.0.1:0",
		"peers.dht": "false", "peers.lsd": "false", "peers.portmap": "false",
	}
}

// Fill gives a node the first n torrents of a crowd, which it is told are complete.
func Fill(ctx context.Context, dir string, n int) (err error) {
	fsys, err := vfs.OpenDir(dir)
	if err != nil {
		return fmt.Errorf("open the crowd: %w", err)
	}
	defer func() { err = errors.Join(err, fsys.Close()) }()
	house, err := node.Open(ctx, node.Options{Home: filepath.Join(dir, homeDir), Version: "bench", Sources: config.Sources{Flags: flags()}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.Close()) }()
	for i := range n {
		b, err := vfs.ReadFile(fsys, path.Join(crowd.TorrentsDir, crowd.TorrentName(i)))
		if err != nil {
			return err
		}
		m, err := metainfo.Parse(b)
		if err != nil {
			return err
		}
		_, err = house.Library.Add(ctx, library.Add{Metainfo: m, Dir: filepath.Join(dir, crowd.ContentDir), Verified: true})
		if err != nil {
			return fmt.Errorf("add torrent %d: %w", i, err)
		}
	}
	return nil
}
