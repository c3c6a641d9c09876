package swarm

// SetMaxRecords makes connections end after so many TLS records.
func (s *Session) SetMaxRecords(n int64) { s.maxRecords = n }
