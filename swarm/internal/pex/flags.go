package pex

import "github.com/warren-p2p/warren/peerwire/extension"

// Flags returns what others should know of a peer (BEP 11).
func Flags(dialled, encrypted, tls, seed bool) (f extension.PexFlags) {
	if dialled {
		f |= extension.PexReachable
	}
	if encrypted {
		f |= extension.PexEncryption
	}
	if tls {
		f |= extension.PexTLS
	}
	if seed {
		f |= extension.PexUploadOnly
	}
	return f
}
