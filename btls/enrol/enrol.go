// Package enrol hands out the credentials of level Full Strict (package
// credential), and the certificates of SSL torrents (package ssltorrent), to
// who was invited.
//
// The service is a part of the website that visitors of a node see. Its path
// begins with a key that only those know who know the torrent's secret, as
// (btls.Key).EnrolPath of package btls for instance.
//
//	POST /<key>/enrol     body: a certificate request (PKCS #10, RFC 2986), DER
//	                      Authorization: Bearer <invite token, base64url>
//	GET  /<key>/revoked
//
// A request with an Ed25519 key is answered with a credential, one with an
// ECDSA P-256 key with an X.509 certificate in DER. The request's signature shows
// that the peer has the key; nothing else in it counts. Who holds a credential
// that is still valid gets the next one with its key, in a request without a
// token. Somebody who asks again while most of the life is left gets the same
// once more, so that a lost answer costs no invitation.
//
// Revoked credentials are on a list that the authority signs
// (credential.Revocations), which the second path is answered with.
//
// What is not exactly right is answered by the website, in its own words: a
// wrong key, a spent invitation, a malformed request. So who does not know the
// key cannot tell that there is a service; and a network that got 20 wrong
// within a minute gets the website for right ones too.
package enrol

import (
	"errors"
	"time"

	"github.com/warren-p2p/warren/btls/enrol/internal/roll"
)

// Bounds.
const (
	// MaxMembers bounds the valid credentials of one service, revoked ones
	// included: all of them may have to go on one list.
	MaxMembers = roll.MaxMembers
	// MaxInvites bounds the invitations that are open at a time.
	MaxInvites = roll.MaxInvites
	// MaxLabel bounds the bytes of what an invitation is called.
	MaxLabel = roll.MaxLabel
	// minToken and maxToken bound the bytes of an invite token.
	minToken, maxToken = 16, 128

	maxRequest = 4 << 10
	maxAnswer  = 128 << 10
)

// DefaultLifetime is how long a credential is valid: the time after which one that
// was stolen is worthless to who cannot renew it.
const DefaultLifetime = 30 * 24 * time.Hour

// Paths below the key.
const (
	enrolPath   = "enrol"
	revokedPath = "revoked"
)

// Media types of requests and answers (RFC 5967, RFC 2585).
const (
	typeRequest = "application/pkcs10"
	typeLeaf    = "application/pkix-cert"
	typeBinary  = "application/octet-stream"
)

// Errors of this package.
var (
	// ErrRefused reports an address that answered as a website: there is no
	// service for this torrent, or it does not take the invitation, or it has
	// revoked the credential that was to be renewed.
	ErrRefused = errors.New("not admitted")
	// ErrURL reports what is not the URL of a service.
	ErrURL = errors.New("not the URL of an enrolment service")
	// ErrPin reports a service whose public key is none of the pinned ones.
	ErrPin = errors.New("public key is not a pinned one")
	// ErrAnswer reports an answer that is not what was asked for.
	ErrAnswer = errors.New("answer is not what was asked for")
	// ErrState reports stored state that cannot be read.
	ErrState = roll.ErrState
	// ErrFull reports a service with as many members or invitations as it can
	// have.
	ErrFull = roll.ErrFull
	// ErrUnknown reports a serial number that no valid credential has.
	ErrUnknown = roll.ErrUnknown
	// ErrInvite reports an invitation that cannot be meant: without uses, over
	// already, with a token too short or too long.
	ErrInvite = roll.ErrInvite

	errRequest = errors.New("not a certificate request")
	errKind    = errors.New("key is of no kind that is enrolled here")
)

type (
	// Entry is a credential or certificate that was handed out.
	Entry = roll.Entry
	// Invite is an invitation that is open.
	Invite = roll.Invite
)
