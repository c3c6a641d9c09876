package keeper

import (
	"errors"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/credential"
)

// sweep ends connections with those who are no members any more.
func (k *Keeper) sweep() {
	k.mu.Lock()
	v := k.verifier()
	var out []*btls.Conn
	for at, theirs := range k.peers {
		c := at.Value()
		if c != nil && v.Still(theirs) == nil {
			continue
		}
		delete(k.peers, at)
		if c != nil {
			out = append(out, c)
		}
	}
	why := v.Still(k.state.Credential)
	if errors.Is(why, credential.ErrNotYet) || k.lost {
		why = nil
	}
	k.lost = k.lost || why != nil
	k.mu.Unlock()
	for _, c := range out {
		hangUp(c)
	}
	if why != nil && k.cfg.Lost != nil {
		k.cfg.Lost(why)
	}
}

// hangUp closes what lies below TLS: closing TLS could wait for the other side to
// read an alert.
func hangUp(c *btls.Conn) {
	if below := c.NetConn(); below != nil {
		below.Close()
		return
	}
	c.Close()
}
