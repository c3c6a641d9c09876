// Package metainfo reads, checks and edits torrents: version 1 (BEP 3), version
// 2 (BEP 52) and hybrids of both. The packages below it make torrents (create),
// check content against them (verify) and read magnet links (magnet).
//
// [Parse] accepts a torrent only if every part of it is sound, so what it
// returns can be used without further checks: file names stay below the
// torrent's directory and denote different files everywhere, sizes and piece
// counts fit together, merkle layers lead to their roots, and the two halves
// of a hybrid describe the same files. Otherwise the error names the field.
//
// The info dictionary is kept as the bytes it arrived in. Hashes are taken
// over those bytes and editing what lies outside never touches them.
//
// Supported: BEP 3, 12 (tracker tiers), 19 (web seeds), 27 (private), 30
// (merkle torrents, read-only), 47 (padding, attributes, links), 52 (version
// 2), 5 (nodes).
package metainfo

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"

	"github.com/warren-p2p/warren/internal/merkle"
)

// HashV1 is a SHA-1 sum: a version 1 info-hash or piece hash.
type HashV1 [sha1.Size]byte

// String returns 40 hexadecimal digits.
func (h HashV1) String() string { return hex.EncodeToString(h[:]) }

// HashV2 is a SHA-256 sum: a version 2 info-hash or a node of a file's hash
// tree. Its String method returns 64 hexadecimal digits.
type HashV2 = merkle.Hash

// InfoHashes names a torrent: by one hash, or by both if it is a hybrid.
type InfoHashes struct {
	V1           HashV1 // SHA-1 of the info dictionary (BEP 3)
	V2           HashV2 // SHA-256 of the info dictionary (BEP 52)
	HasV1, HasV2 bool
}

// HashInfo returns the hashes of an info dictionary for the versions asked.
func HashInfo(info []byte, v1, v2 bool) InfoHashes {
	h := InfoHashes{HasV1: v1, HasV2: v2}
	if v1 {
		h.V1 = sha1.Sum(info)
	}
	if v2 {
		h.V2 = sha256.Sum256(info)
	}
	return h
}

// Truncated returns the first 20 bytes of the version 2 hash, which stand for
// it where only 20 bytes fit: handshakes, trackers, the DHT (BEP 52).
func (h InfoHashes) Truncated() [20]byte { return [20]byte(h.V2[:20]) }

// Wire returns the 20 bytes that name the torrent in a handshake: the version
// 1 hash if there is one, else the truncated version 2 hash.
func (h InfoHashes) Wire() [20]byte {
	if h.HasV1 {
		return h.V1
	}
	return h.Truncated()
}

// Match reports whether h and other name the same torrent: they share at
// least one version and agree on each version they share.
func (h InfoHashes) Match(other InfoHashes) bool {
	v1, v2 := h.HasV1 && other.HasV1, h.HasV2 && other.HasV2
	return (v1 || v2) && (!v1 || h.V1 == other.V1) && (!v2 || h.V2 == other.V2)
}

// String returns the hashes in hexadecimal, separated by a slash if there are
// two.
func (h InfoHashes) String() string {
	switch {
	case h.HasV1 && h.HasV2:
		return h.V1.String() + "/" + h.V2.String()
	case h.HasV2:
		return h.V2.String()
	case h.HasV1:
		return h.V1.String()
	}
	return ""
}
