package greeting

import "errors"

// Reasons why a handshake leads nowhere.
var (
	ErrOurself      = errors.New("connected to ourselves")
	ErrOtherTorrent = errors.New("peer speaks of another torrent")
	ErrTwice        = errors.New("peer is connected already")
	ErrFull         = errors.New("as many peers as allowed are connected")
	ErrBanned       = errors.New("address is banned or blocked")
	ErrKind         = errors.New("torrent does not allow this kind of connection")
	ErrMembers      = errors.New("torrent demands a credential")
	ErrNotAdmitted  = errors.New("peer hung up when it had seen our credential")
	ErrStopped      = errors.New("torrent was stopped")
)
