package book

import (
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
)

// Link returns the private link of a share. The error may be ErrRevoked or ErrNowhere.
func (b *Book) Link(s *Share) (link.Link, error) {
	if s.State == Revoked {
		return link.Link{}, ErrRevoked
	}
	return b.link(link.Link{Kind: link.Private, Token: s.Token, Secret: s.Secret})
}

// PublicLink returns the public link of a share, or, of the zero ID, that of the list of
// all public shares. The error may be ErrUnpublished or ErrNowhere.
func (b *Book) PublicLink(id record.ID) (link.Link, error) {
	token, ok := b.shelf.PublicToken()
	if !ok {
		return link.Link{}, ErrUnpublished
	}
	if s, err := b.Find(id); id != (record.ID{}) && (err != nil || !s.Published()) {
		return link.Link{}, ErrUnpublished
	}
	return b.link(link.Link{Kind: link.Public, Token: token, Share: id})
}

// link fills in where the node is and what it shows there.
func (b *Book) link(l link.Link) (link.Link, error) {
	l.Address = b.cfg.Place()
	if l.Address == "" {
		return link.Link{}, ErrNowhere
	}
	var err error
	l.Pin, err = b.cfg.Pin()
	return l, err
}
