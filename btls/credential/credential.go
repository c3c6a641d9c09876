// Package credential lets the peers of a torrent admit those alone to whom an
// authority gave a credential: level Full Strict of BitTorrent over TLS.
//
// A peer makes a key for each torrent, which shows nothing of who it is
// elsewhere, and has it signed by the authority that the torrent names.
// Right after the switch to the peer wire (package btls) each side sends one
// frame, the server first. The client sends its own only after the server's
// has passed, and nobody sends a byte of BEP 3 before that.
//
// Both are fixed layouts. Integers are big endian, times are seconds since
// 1970 (UTC), keys and signatures are those of Ed25519 (RFC 8032), texts are
// ASCII without an end mark.
//
//	Credential, 161 bytes
//	    0    1  version, 1
//	    1   32  T, what the credential is for
//	   33   32  public key of the peer
//	   65   16  serial number, random
//	   81    8  first second in which it is valid
//	   89    8  last second in which it is valid
//	   97   64  signature by the authority over
//	            "bittorrent-tls credential" || bytes 0 to 96
//
//	Frame, 256 bytes
//	    0  161  Credential
//	  161   64  signature by the peer's key over
//	            "bittorrent-tls channel" || role || B || T
//	  225   31  random, ignored
//
//	Revocations, 117 + 16 n bytes, n at most 4096
//	    0    1  version, 1
//	    1   32  T
//	   33    8  number of the list; greater than before if one was revoked since
//	   41    8  when it was signed
//	   49    4  n
//	   53 16 n  serial numbers, ascending, none twice
//	         64  signature by the authority over
//	            "bittorrent-tls revocations" || all bytes before the signature
//
// role is one byte, 1 of the client and 2 of the server. With K the key that
// package btls derives from secret and info-hash (of a hybrid torrent, that of
// its version 2 info-hash, whatever key the connection was made with):
//
//	T = HMAC-SHA256(K, 0x05 || "credential")
//	B = TLS-Exporter("EXPERIMENTAL-BitTorrent-TLS-Channel", no context, 32)
//
// B makes a frame worthless on any other connection, role on the way back.
//
// The package is about bytes: T, B, the time and the connection are handed in.
package credential

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"time"
)

// Sizes in bytes.
const (
	Size      = 161
	FrameSize = 256

	version     = 1
	signedSize  = 97 // what the authority signs of a credential
	channelAt   = Size
	paddingAt   = channelAt + 64
	peerAt      = 33
	serialAt    = 65
	notBeforeAt = 81
	notAfterAt  = 89
)

// maxTime is the end of the year 9999, beyond which times cannot be written
// down in most places.
const maxTime = 253402300799

// Reasons why a credential or a frame does not count. Errors of this package
// match one of them, but for those of a connection.
var (
	// ErrMalformed reports bytes of another layout or version.
	ErrMalformed = errors.New("malformed")
	// ErrAuthority reports a signature that is not that of the authority.
	ErrAuthority = errors.New("not signed by the authority of this torrent")
	// ErrTorrent reports a credential or list for something else.
	ErrTorrent = errors.New("for another torrent")
	// ErrNotYet and ErrExpired report a credential outside its time.
	ErrNotYet  = errors.New("not valid yet")
	ErrExpired = errors.New("expired")
	// ErrRevoked reports a credential that the authority has taken back.
	ErrRevoked = errors.New("revoked")
	// ErrChannel reports a frame that was not signed by the peer for this
	// connection and this role.
	ErrChannel = errors.New("not signed for this connection")
	// ErrKey reports a credential of another key than that it is used with, or
	// a private key that is none.
	ErrKey = errors.New("not the key of the credential")
	// ErrOld reports a list of revocations that is older than one seen before.
	ErrOld = errors.New("older than the list before")
)

// Refused reports whether an error says that a credential does not count, for
// whatever reason, and not that a connection broke.
func Refused(err error) bool {
	for _, why := range []error{ErrMalformed, ErrAuthority, ErrTorrent, ErrNotYet, ErrExpired, ErrRevoked, ErrChannel} {
		if errors.Is(err, why) {
			return true
		}
	}
	return false
}

// Serial is the serial number of a credential.
type Serial [16]byte

// String returns 32 hexadecimal digits.
func (s Serial) String() string { return hex.EncodeToString(s[:]) }

// ParseSerial reads what String writes.
func ParseSerial(text string) (s Serial, err error) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(s) {
		return s, ErrMalformed
	}
	return Serial(b), nil
}

// Credential says that an authority admits a peer.
type Credential struct {
	For    [32]byte // T
	Peer   [32]byte // its public key
	Serial Serial
	// NotBefore and NotAfter are the first and the last second in which it is
	// valid.
	NotBefore, NotAfter time.Time
	Signature           [64]byte
}

// Parse reads a credential. It checks the layout and nothing else: see
// [Verifier].
func Parse(b []byte) (c Credential, err error) {
	if len(b) != Size || b[0] != version {
		return c, ErrMalformed
	}
	from, to := binary.BigEndian.Uint64(b[notBeforeAt:]), binary.BigEndian.Uint64(b[notAfterAt:])
	if from > to || to > maxTime {
		return c, ErrMalformed
	}
	return Credential{
		For: [32]byte(b[1:peerAt]), Peer: [32]byte(b[peerAt:serialAt]), Serial: Serial(b[serialAt:notBeforeAt]),
		NotBefore: time.Unix(int64(from), 0).UTC(), NotAfter: time.Unix(int64(to), 0).UTC(),
		Signature: [64]byte(b[signedSize:]),
	}, nil
}

// Append appends the 161 bytes of c.
func (c Credential) Append(dst []byte) []byte {
	return append(c.appendSigned(dst), c.Signature[:]...)
}

func (c Credential) appendSigned(dst []byte) []byte {
	dst = append(append(append(append(dst, version), c.For[:]...), c.Peer[:]...), c.Serial[:]...)
	dst = binary.BigEndian.AppendUint64(dst, uint64(c.NotBefore.Unix()))
	return binary.BigEndian.AppendUint64(dst, uint64(c.NotAfter.Unix()))
}

// Lifetime returns how long c is valid in all.
func (c Credential) Lifetime() time.Duration { return c.NotAfter.Sub(c.NotBefore) }

// Due returns when c should be renewed: when a third of its life is left.
func (c Credential) Due() time.Time { return c.NotAfter.Add(-c.Lifetime() / 3) }
