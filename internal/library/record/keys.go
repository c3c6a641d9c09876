package record

import (
	"encoding/hex"

	"github.com/warren-p2p/warren/metainfo"
)

// Keys returns what a torrent is found by: each of its hashes alone, and that of
// version 2 cut to the length of one of version 1, as in the protocol (BEP 52).
func Keys(h metainfo.InfoHashes) (list []metainfo.InfoHashes) {
	if h.HasV1 {
		list = append(list, metainfo.InfoHashes{V1: h.V1, HasV1: true})
	}
	if h.HasV2 {
		list = append(list,
			metainfo.InfoHashes{V2: h.V2, HasV2: true},
			metainfo.InfoHashes{V1: h.Truncated(), HasV1: true})
	}
	return list
}

// ParseKey reads an info-hash in hexadecimal.
func ParseKey(key string) (h metainfo.InfoHashes, ok bool) {
	b, err := hex.DecodeString(key)
	switch {
	case err != nil:
		return h, false
	case len(b) == len(h.V1):
		h.HasV1 = true
		copy(h.V1[:], b)
	case len(b) == len(h.V2):
		h.HasV2 = true
		copy(h.V2[:], b)
	}
	return h, h.HasV1 || h.HasV2
}
