package conformance

import (
	"fmt"
	"io"
	"net"
	"sync"
)

// Visitor is a peer that asks for nothing and stays, so that there is one to be
// told of.
type Visitor struct {
	conn    net.Conn
	drained sync.WaitGroup
}

// protocol begins a handshake (BEP 3): the length of the name and the name.
const protocol = "\x13BitTorrent protocol"

// Visit shakes hands over a connection, in clear, and keeps it.
func Visit(conn net.Conn, infoHash [20]byte) (*Visitor, error) {
	hello := append([]byte(protocol), make([]byte, 8)...)
	hello = append(append(hello, infoHash[:]...), "-XX0001-abcdefghijkl"...)
	if _, err := conn.Write(hello); err != nil {
		return nil, fmt.Errorf("shake hands: %w", err)
	}
	answer := make([]byte, len(hello))
	if _, err := io.ReadFull(conn, answer); err != nil {
		return nil, fmt.Errorf("shake hands: %w", err)
	}
	if got := [20]byte(answer[28:48]); got != infoHash {
		return nil, fmt.Errorf("shake hands: the other end speaks of %x", got)
	}
	if _, err := conn.Write([]byte{0, 0, 0, 1, 2}); err != nil { // interested
		return nil, fmt.Errorf("shake hands: %w", err)
	}
	v := &Visitor{conn: conn}
	v.drained.Go(func() { _, _ = io.Copy(io.Discard, conn) }) // until it is closed
	return v, nil
}

// Close leaves.
func (v *Visitor) Close() error {
	err := v.conn.Close()
	v.drained.Wait()
	return err
}
