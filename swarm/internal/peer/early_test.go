package peer_test

import (
	"bytes"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
	"github.com/warren-p2p/warren/swarm/internal/content"
	"github.com/warren-p2p/warren/swarm/internal/fetch"
	"github.com/warren-p2p/warren/swarm/internal/metadata"
	"github.com/warren-p2p/warren/swarm/internal/peer"
	"github.com/warren-p2p/warren/swarm/internal/seek"
)

const theirMetadataID = 5

func metadataMessage(m extension.Metadata, id byte) []byte {
	return peerwire.AppendExtended(nil, id, m.Append(nil))
}

// hello returns an extended handshake of a peer that has the info dictionary.
func hello(size int) []byte {
	h := extension.Handshake{M: map[string]byte{extension.NameMetadata: theirMetadataID}, MetadataSize: size}
	return peerwire.AppendExtended(nil, 0, h.Append(nil))
}

// metadata reads up to a message about the info dictionary.
func (s *scene) metadata() extension.Metadata {
	s.t.Helper()
	for {
		id, msg, err := peerwire.ParseExtended(s.until(peerwire.IDExtended))
		if err != nil {
			s.t.Fatal(err)
		}
		if id == theirMetadataID {
			m, err := extension.ParseMetadata(msg)
			if err != nil {
				s.t.Fatal(err)
			}
			return m
		}
	}
}

// The info dictionary is served to whoever asks for it, not more than twice a
// minute (BEP 9).
func TestServesMetadata(t *testing.T) {
	play(t, func(s *scene) {
		info := s.cfg.Content.Meta.InfoBytes
		_, msg, err := peerwire.ParseExtended(s.until(peerwire.IDExtended))
		h, bad := extension.ParseHandshake(msg)
		if err != nil || bad != nil || h.MetadataSize != len(info) || h.M[extension.NameMetadata] == 0 {
			t.Fatalf("introduced with %+v, %v, %v", h, err, bad)
		}
		s.send(hello(0))
		for i, want := range []extension.MetadataType{extension.MetadataData, extension.MetadataData, extension.MetadataReject} {
			s.send(metadataMessage(extension.Metadata{Type: extension.MetadataRequest}, h.M[extension.NameMetadata]))
			m := s.metadata()
			if m.Type != want || m.Type == extension.MetadataData && !bytes.Equal(m.Data, info) {
				t.Errorf("answer %d: %+v", i, m)
			}
		}
	})
}

// early makes the scene one in which nothing is known yet, and returns what will
// be.
func (s *scene) early(drop func(seek.Peer, error)) (*content.Content, *fetch.Fetcher, *seek.Seeker) {
	c, f := s.cfg.Content, s.cfg.Fetch
	_ = s.far.Close()
	<-s.end
	s.cfg.Content, s.cfg.Fetch = nil, nil
	s.cfg.Seeker = seek.New(seek.Config{Hashes: c.Meta.Hashes(), Clock: s.cfg.Clock, Done: func() {}, Drop: drop})
	s.enter()
	return c, f, s.cfg.Seeker
}

// What a peer says before anything is known counts once it is.
func TestEarly(t *testing.T) {
	play(t, func(s *scene) {
		c, f, seeker := s.early(nil)
		info := c.Meta.InfoBytes
		s.until(peerwire.IDExtended) // and no word about pieces
		s.send(peerwire.AppendHaveAll(nil))
		s.send(hello(len(info)))
		if m := s.metadata(); m.Type != extension.MetadataRequest || m.Piece != 0 {
			t.Fatalf("asked %+v", m)
		}
		s.send(peerwire.AppendInterested(peerwire.AppendUnchoke(nil)))
		s.send(peerwire.AppendRequest(nil, request(0)))
		s.until(peerwire.IDReject)
		s.send(metadataMessage(extension.Metadata{Type: extension.MetadataRequest}, 2))
		if m := s.metadata(); m.Type != extension.MetadataReject {
			t.Errorf("answered %+v", m)
		}
		if i := s.p.Info(); i.Pieces != 0 || i.Interested || s.p.ID() != 0 || s.p.Seed() {
			t.Errorf("known too early: %+v", i)
		}
		s.send(metadataMessage(extension.Metadata{Type: extension.MetadataData, TotalSize: len(info), Data: info}, 2))
		synctest.Wait()
		if m, err := seeker.Result(); err != nil || m == nil || m.Hashes() != c.Meta.Hashes() {
			t.Fatalf("found %v, %v", m, err)
		}
		s.cfg.Content, s.cfg.Fetch = c, f
		go s.p.Supply()
		if have := peerwire.Bitfield(s.until(peerwire.IDBitfield)); have.Count() != pieces-1 {
			t.Errorf("introduced with %08b", have)
		}
		s.until(peerwire.IDInterested)
		if i := s.p.Info(); i.Pieces != pieces || !i.Interested || i.Choking || !i.AmInterested {
			t.Errorf("forgotten: %+v", i)
		}
	})
}

// A peer that sends something else is named; one that says too much is forgotten,
// and one that sends blocks is out.
func TestEarlyNonsense(t *testing.T) {
	t.Run("wrong", func(t *testing.T) {
		play(t, func(s *scene) {
			var why error
			_, _, seeker := s.early(func(p seek.Peer, err error) { why = err; p.(*peer.Peer).Close(err) })
			go s.drain()
			s.send(hello(3))
			s.send(metadataMessage(extension.Metadata{Type: extension.MetadataData, TotalSize: 3, Data: []byte("abc")}, 2))
			synctest.Wait()
			if m, err := seeker.Result(); m != nil || err != nil || !errors.Is(why, metadata.ErrWrong) {
				t.Errorf("found %v, %v, dropped for %v", m, err, why)
			}
		})
	})
	t.Run("too much", func(t *testing.T) {
		play(t, func(s *scene) {
			c, f, _ := s.early(nil)
			go s.drain()
			for range 2 {
				s.send(peerwire.AppendBitfield(nil, make(peerwire.Bitfield, 100<<10)))
			}
			synctest.Wait()
			s.cfg.Content, s.cfg.Fetch = c, f
			s.p.Supply()
			if err := <-s.end; !errors.Is(err, peer.ErrForgot) {
				t.Errorf("ended with %v", err)
			}
			s.end <- nil
		})
	})
	t.Run("blocks", func(t *testing.T) {
		play(t, func(s *scene) {
			s.early(nil)
			b := append(make([]byte, 0), 0, 0, 0, 10, byte(peerwire.IDPiece), 0, 0, 0, 0, 0, 0, 0, 0, 1)
			s.fails(b)
		})
	})
}
