package swarm

// SetMaxRecords makes connections end after so many TLS records.
func (s *Session) SetMaxRecords(n int64) { s.shared.MaxRecords = n }

// InUse returns the dials under way and the connections that are counted.
func (s *Session) InUse() (dialing, open int) { return s.shared.Caps.InUse() }

// Woken returns how many torrents have slept and are awake.
func (s *Session) Woken() int { return s.dormitory.Woken() }
