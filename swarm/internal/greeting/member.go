package greeting

import (
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/transport"
)

// Vouch shows a peer that we are a member of a torrent of level Full Strict and
// makes sure that it is one, before a byte of BEP 3 is said. Torrents of other
// levels have no members. dialled says that we are the client. The caller bounds
// it in time.
func Vouch(id transport.ID, c net.Conn, dialled bool) error {
	if id.Access.Level != btls.FullStrict || id.Access.SSL != nil {
		return nil
	}
	bound, ok := c.(*btls.Conn)
	members := id.Access.Members
	if !ok || members == nil {
		return ErrMembers
	}
	exchange := members.Accept
	if dialled {
		exchange = members.Connect
	}
	if err := exchange(bound); err != nil {
		return fmt.Errorf("exchange credentials: %w", err)
	}
	return nil
}

// refused says what an error of the handshake means where credentials were exchanged
// before it: whoever does not take ours says so by hanging up.
func refused(id transport.ID, err error) error {
	if id.Access.Level == btls.FullStrict && id.Access.SSL == nil && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) {
		return fmt.Errorf("%w: %w", ErrNotAdmitted, err)
	}
	return err
}
