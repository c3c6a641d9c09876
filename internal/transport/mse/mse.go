// Package mse wraps Message Stream Encryption, the obfuscation that most
// BitTorrent clients speak, so that it yields a net.Conn.
//
// MSE hides the protocol from simple filters. It authenticates nobody: whoever
// knows the info-hash can read along by sitting in the middle. The handshake
// itself is github.com/anacrolix/torrent/mse; there is no BEP for it, see
// https://wiki.vuze.com/w/Message_Stream_Encryption.
package mse

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net"

	"github.com/anacrolix/torrent/mse"
)

// Method is what follows the handshake, as a set of bits on the wire.
type Method uint32

const (
	// Plaintext leaves everything after the handshake in clear.
	Plaintext = Method(mse.CryptoMethodPlaintext)
	// RC4 encrypts the whole stream.
	RC4 = Method(mse.CryptoMethodRC4)
)

// maxChunk bounds what one call moves. The library keeps a buffer as large as
// the largest read and one as large as the largest write it has seen.
const maxChunk = 32 << 10

// Conn is a connection after the handshake.
type Conn struct {
	net.Conn
	rw     io.ReadWriter
	method Method
}

// Method tells what the two sides agreed on.
func (c *Conn) Method() Method { return c.method }

// Read reads decrypted bytes.
func (c *Conn) Read(p []byte) (int, error) {
	return c.rw.Read(p[:min(len(p), maxChunk)])
}

// Write writes bytes to be encrypted.
func (c *Conn) Write(p []byte) (n int, err error) {
	for len(p) > 0 && err == nil {
		var m int
		m, err = c.rw.Write(p[:min(len(p), maxChunk)])
		n, p = n+m, p[m:]
	}
	return n, err
}

// Initiate runs the dialling side on raw. skey is the 20-byte info-hash (of a
// v2 torrent: truncated). Only the methods in offer are accepted. ctx bounds
// the handshake. If it fails raw is closed.
func Initiate(ctx context.Context, raw net.Conn, skey [20]byte, offer Method) (*Conn, error) {
	return handshake(ctx, raw, "initiate", func() (io.ReadWriter, mse.CryptoMethod, error) {
		return mse.InitiateHandshake(raw, skey[:], nil, mse.CryptoMethod(offer))
	})
}

// Receive runs the accepting side on raw: keys yields the info-hashes the
// caller has, and the one the other side knows is returned. RC4 is chosen
// wherever the other side can, clear text only if that is all it offers. ctx
// bounds the handshake. If it fails raw is closed.
func Receive(ctx context.Context, raw net.Conn, keys iter.Seq[[20]byte]) (*Conn, [20]byte, error) {
	var skey [20]byte
	try := func(callback func([]byte) bool) {
		for skey = range keys {
			if !callback(skey[:]) {
				return
			}
		}
	}
	c, err := handshake(ctx, raw, "receive", func() (io.ReadWriter, mse.CryptoMethod, error) {
		return mse.ReceiveHandshake(context.Background(), raw, try, choose)
	})
	if err != nil {
		return nil, [20]byte{}, err
	}
	return c, skey, nil
}

func choose(offer mse.CryptoMethod) mse.CryptoMethod {
	if offer&mse.CryptoMethodRC4 != 0 {
		return mse.CryptoMethodRC4
	}
	return offer & mse.CryptoMethodPlaintext
}

// handshake bounds run by ctx. The library's own context support leaves a read
// behind that steals bytes, so the connection is closed instead.
func handshake(ctx context.Context, raw net.Conn, side string, run func() (io.ReadWriter, mse.CryptoMethod, error)) (*Conn, error) {
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	rw, method, err := run()
	if !stop() {
		return nil, fmt.Errorf("mse: %s handshake: %w", side, context.Cause(ctx))
	}
	if err != nil {
		raw.Close()
		return nil, fmt.Errorf("mse: %s handshake: %w", side, err)
	}
	return &Conn{Conn: raw, rw: rw, method: Method(method)}, nil
}
