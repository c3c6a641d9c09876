package changes

// Kind says what has become of a torrent.
type Kind string

// The kinds.
const (
	Added     Kind = "added"
	Learned   Kind = "learned"   // peers have told what a magnet link is of
	Completed Kind = "completed" // the last wanted piece was fetched; not: found on the disk
	Failed    Kind = "failed"    // it needs the user
	Finished  Kind = "finished"  // it has reached its goal
	Removed   Kind = "removed"
)
