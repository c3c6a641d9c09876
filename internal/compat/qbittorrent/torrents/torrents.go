// Package torrents is the methods of the WebAPI of qBittorrent below "torrents":
// lists, details, and all that is done with a torrent.
package torrents

import (
	"context"
	"log/slog"
	"sync"

	"github.com/warren-p2p/warren/internal/compat/qbittorrent/call"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/pick"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/source"
	"github.com/warren-p2p/warren/internal/config"
)

// Config is what the methods work with.
type Config struct {
	Library  pick.Library
	Sources  *source.Sources
	Settings func() config.Config
	DHT      func() bool // whether the node takes part in it
	Log      *slog.Logger
}

// Torrents answers for the methods below "torrents".
type Torrents struct {
	Config
	ctx    context.Context
	cancel context.CancelFunc

	mu     sync.Mutex
	wg     sync.WaitGroup // moves that go on after they were answered
	closed bool
}

// New returns the methods.
func New(ctx context.Context, cfg Config) *Torrents {
	t := &Torrents{Config: cfg}
	t.ctx, t.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return t
}

// Close ends what is under way and waits for it.
func (t *Torrents) Close() {
	t.mu.Lock()
	t.closed = true
	t.mu.Unlock()
	t.cancel()
	t.wg.Wait()
}

// Methods returns the methods by name.
func (t *Torrents) Methods() map[string]call.Method {
	return map[string]call.Method{
		"info": call.Get(t.info), "count": call.Get(t.count), "properties": call.Get(t.properties),
		"trackers": call.Get(t.trackers), "webseeds": call.Get(t.webseeds), "files": call.Get(t.files),
		"pieceStates": call.Get(t.pieceStates), "pieceHashes": call.Get(t.pieceHashes), "export": call.Get(t.export),

		"delete": call.Post(t.remove),
		"pause":  call.Post(t.pause), "stop": call.Post(t.pause), "resume": call.Post(t.resume), "start": call.Post(t.resume),
		"recheck": call.Post(t.recheck), "reannounce": call.Post(t.reannounce), "addPeers": call.Post(t.addPeers),

		"topPrio": call.Post(t.top), "bottomPrio": call.Post(t.bottom), "increasePrio": call.Post(t.up), "decreasePrio": call.Post(t.down),
		"filePrio": call.Post(t.filePriority), "setForceStart": call.Post(t.force), "setSuperSeeding": call.Post(t.superSeed),
		"toggleSequentialDownload": call.Post(t.sequential), "toggleFirstLastPiecePrio": call.Post(t.firstLast),
		"setAutoManagement": call.Post(t.autoManagement),
		"uploadLimit":       call.Get(t.upLimit), "downloadLimit": call.Get(t.downLimit),
		"setUploadLimit": call.Post(t.setUpLimit), "setDownloadLimit": call.Post(t.setDownLimit), "setShareLimits": call.Post(t.setShareLimits),

		"setLocation": call.Post(t.setLocation), "setSavePath": call.Post(t.setSavePath), "setDownloadPath": call.Post(t.setDownloadPath),
		"rename": call.Post(t.rename), "renameFile": call.Post(t.renamePath), "renameFolder": call.Post(t.renamePath),
		"addTrackers": call.Post(t.addTrackers), "editTracker": call.Post(t.editTracker), "removeTrackers": call.Post(t.removeTrackers),
	}
}
