// Package record is the record protocol of TLS 1.3 (RFC 8446, section 5) for
// connections whose handshake crypto/tls has made.
//
// Profiles of several downloads at once had crypto/tls's share in its cipher
// and in one system call and one copy for each record of 16 KiB. This package
// reads and writes two records a call, seals without a copy, and has a faster
// AES-GCM; nonces and keys are the RFC's, and nothing of the handshake is done
// here. ADR 6 has the reasons, BenchmarkTransfer shows the gain.
//
// A [Tap] lies between crypto/tls and the network until the handshake and the
// switch to the peer wire are over. It lets crypto/tls read no further than
// the record it is at, counts records, and learns the traffic secrets from
// crypto/tls's key log. [Tap.TakeOver] then makes a [Conn] of all that.
package record

import "errors"

// Sizes of RFC 8446, sections 5.1 and 5.2, in bytes.
const (
	headerLen  = 5
	maxContent = 1 << 14
	maxCipher  = maxContent + 256
	tagLen     = 16
	overhead   = headerLen + 1 + tagLen // of a record without padding
)

// Content types of RFC 8446, section 5.1.
const (
	typeChangeCipherSpec = 20
	typeAlert            = 21
	typeHandshake        = 22
	typeApplicationData  = 23
)

var (
	// ErrNotPossible reports a connection that only crypto/tls can go on with:
	// another version than TLS 1.3, a cipher other than AES-GCM, or a record
	// that was read in part.
	ErrNotPossible = errors.New("cannot take the connection over from crypto/tls")
	// ErrRecord reports a record that RFC 8446 does not allow here.
	ErrRecord = errors.New("malformed TLS record")
	// ErrAuthentication reports a record that was changed on its way.
	ErrAuthentication = errors.New("TLS record does not authenticate")
	// ErrAlert reports that the peer ended the connection with an alert.
	ErrAlert = errors.New("peer sent a TLS alert")
	// ErrClosed reports the use of a connection that was closed.
	ErrClosed = errors.New("TLS connection is closed")
)
