//go:build linux

package transfer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"path"
	"strconv"
	"time"

	"github.com/warren-p2p/warren/bench/internal/clients"
	"github.com/warren-p2p/warren/bench/internal/netlab"
	"github.com/warren-p2p/warren/bench/internal/process"
	"github.com/warren-p2p/warren/bench/internal/report"
)

// stage is one repetition.
type stage struct {
	*Runner
	contestant Contestant
	scene      Scene
	lab        *netlab.Lab
	others     []*process.Process // tracker
	seed       *side
	down       []*side
	measured   measured
}

// side is one running node.
type side struct {
	*process.Process
	setup   clients.Setup
	content string // directory, in the work directory
	flag    string // its hook's file, in the work directory
	done    time.Time
	gone    time.Time     // when its end was noticed
	atStart time.Duration // processor time when data began to move
	atEnd   time.Duration
	life    time.Duration
}

// settle is how long a ready seeder is left alone before the first downloader
// starts.
const settle = 500 * time.Millisecond

// open builds the network and brings the seeder up.
func (s *stage) open(ctx context.Context) (err error) {
	if s.scene.Link != nil {
		s.lab, err = netlab.NewSlow(ctx, *s.scene.Link)
	} else {
		s.lab, err = netlab.New(ctx, s.scene.Downloaders, s.scene.MTU)
	}
	if err != nil {
		return err
	}
	torrent := s.scene.Torrents[s.contestant.Kind]
	if s.contestant.Tracked() {
		if err := s.Space.Write(runDir+"/allowed", torrent.InfoHash+"\n", 0o644); err != nil {
			return err
		}
		p, err := process.Start(s.lab.Seeder, clients.Tracker(netlab.SeederHost, s.Space.Join(runDir+"/allowed")), s.Proc)
		if err != nil {
			return err
		}
		s.others = append(s.others, p)
	}
	if s.seed, err = s.start(s.lab.Seeder, "seed", SeedDir, clients.Node{Seeder: true, Host: netlab.SeederHost, SeedLimit: s.scene.SeedLimit}); err != nil {
		return err
	}
	if err := s.awaitSeeder(ctx, torrent.InfoHash); err != nil {
		return err
	}
	return sleep(ctx, settle)
}

func (s *stage) awaitSeeder(ctx context.Context, infoHash string) error {
	if s.contestant.Tracked() {
		args := append([]string{"ip", "netns", "exec", s.lab.Seeder}, s.Self...)
		_, err := process.Run(ctx, process.Command{Args: append(args, netlab.SeederHost, infoHash)}, s.Proc)
		return err
	}
	for {
		if _, ok := s.seed.Event(clients.Ready); ok {
			return nil
		}
		select {
		case <-s.seed.Exited():
			return s.seed.Failure("wait for the seeder")
		default:
		}
		if err := sleep(ctx, 10*time.Millisecond); err != nil {
			return fmt.Errorf("wait for the seeder: %w", err)
		}
	}
}

// startDownloaders starts all of them; each is told of the seeder and of those
// before it, unless a tracker tells them.
func (s *stage) startDownloaders() error {
	peers := []string{net.JoinHostPort(netlab.SeederHost, clients.Port)}
	for i, ns := range s.lab.Downloaders {
		n := clients.Node{Host: netlab.DownloaderHost(i), Swarm: s.scene.Downloaders > 1, SeedLimit: s.scene.SeedLimit}
		if !s.contestant.Tracked() {
			n.Peers = append(n.Peers, peers...)
		}
		d, err := s.start(ns, "get"+strconv.Itoa(i), path.Join(getDir, strconv.Itoa(i)), n)
		if err != nil {
			return err
		}
		s.down = append(s.down, d)
		peers = append(peers, n.Listen())
	}
	return nil
}

// start prepares a node's directories and starts it.
func (s *stage) start(ns, role, content string, n clients.Node) (*side, error) {
	state := path.Join(runDir, role)
	d := &side{content: content, flag: path.Join(state, "done")}
	n.State, n.Content, n.Done = s.Space.Join(state), s.Space.Join(content), s.Space.Join(d.flag)
	n.Torrent = s.scene.Torrents[s.contestant.Kind].Path
	if s.contestant.Tracked() {
		n.Torrent = s.scene.Torrents[s.contestant.Kind].Tracked
	}
	d.setup = s.contestant.Setup(n)
	if err := errors.Join(s.Space.MkdirAll(state, 0o755), s.Space.MkdirAll(content, 0o755)); err != nil {
		return nil, fmt.Errorf("prepare %s: %w", s.contestant.Name(), err)
	}
	for _, f := range d.setup.Files {
		if err := s.place(path.Join(state, f.Name), f); err != nil {
			return nil, fmt.Errorf("prepare %s: %w", s.contestant.Name(), err)
		}
	}
	var err error
	d.Process, err = process.Start(ns, d.setup.Command, s.Proc)
	return d, err
}

func (s *stage) place(name string, f clients.File) error {
	if err := s.Space.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	if f.Link != "" {
		return s.Space.Symlink(f.Link, name)
	}
	return s.Space.Write(name, f.Content, f.Perm)
}

// lastWords is how long after its end a program's output may still be on its
// way through the pipe.
const lastWords = 200 * time.Millisecond

// finished tells whether a downloader has everything, and notes since when.
func (s *stage) finished(d *side, now time.Time) (bool, error) {
	if !d.done.IsZero() {
		return true, nil
	}
	if at, ok := d.Event(clients.Done); ok {
		d.done = at
		return true, nil
	}
	if _, err := s.Space.Stat(d.flag); err == nil {
		d.done = now
		return true, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("look for the completion hook: %w", err)
	}
	select {
	case <-d.Exited():
		if d.gone.IsZero() {
			d.gone = now
		}
		if now.Sub(d.gone) > lastWords {
			return false, d.Failure("wait for the downloader")
		}
	default:
	}
	return false, nil
}

// stop ends everything, and notes what each process used in its life.
func (s *stage) stop() {
	for _, p := range s.others {
		p.Stop()
	}
	for _, d := range append([]*side{s.seed}, s.down...) {
		if d != nil && d.Process != nil {
			d.life = d.Stop()
		}
	}
	s.others = nil
}

func (s *stage) close() error {
	if s.lab == nil {
		return nil
	}
	return s.lab.Close()
}

func (s *stage) commands() []report.Command {
	return []report.Command{
		{Role: "seeder", Line: s.line(s.seed)},
		{Role: "downloader", Line: s.line(s.down[len(s.down)-1])},
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}
