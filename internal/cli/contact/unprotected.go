package contact

import (
	"strings"

	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/swarm"
)

// Unprotected says in plain words what a torrent that demands TLS does without, a
// line for each reason.
func Unprotected(list []swarm.Unprotected) (lines []string) {
	var byID []string
	var reasons []string
	off := map[string][]string{}
	for _, u := range list {
		name := words.Plain(u.Source)
		switch {
		case u.ByID:
			byID = append(byID, name)
		case len(off[u.Why]) == 0:
			reasons = append(reasons, u.Why)
			fallthrough
		default:
			off[u.Why] = append(off[u.Why], name)
		}
	}
	if len(byID) > 0 {
		lines = append(lines, "Asked for peers under an id that changes every week, not under the info-hash: "+
			strings.Join(byID, ", ")+". Only peers that demand TLS as well are found there.")
	}
	for _, why := range reasons {
		lines = append(lines, "Not used, because "+why+": "+strings.Join(off[why], ", ")+".")
	}
	return lines
}
