package disclosure

import (
	"net/url"

	"github.com/warren-p2p/warren/btls"
)

// Unprotected is a way to find peers, or content, that would tell others than peers
// what a torrent is, which demands TLS.
type Unprotected struct {
	Source string // "DHT", "local network", "tracker " and its host, "web seed " and its host
	// ByID says that the torrent is looked for there under its discovery id instead.
	// Otherwise this way is not used at all.
	ByID bool
	Why  string // in plain words
}

// NameLSD is what the local network is called in Source.
const NameLSD = "local network"

// The reasons.
const (
	whyHash    = "the info-hash would be told to others than peers"
	whyClear   = "the info-hash would be told in clear"
	whyGuess   = "an id made of the passphrase would let others try passphrases"
	whyContent = "content would come in clear"
)

// Unprotected returns what is not done, or done another way, of what could be done
// to find peers: trackers are the URLs that there are, places what there is beside
// them.
func (t Torrent) Unprotected(trackers []string, places ...Place) (list []Unprotected) {
	if t.Policy != btls.Require {
		return nil
	}
	for _, u := range trackers {
		list = t.note(list, t.Where(u), "tracker "+host(u))
	}
	for _, p := range places {
		if t.Private || t.Sole != nil {
			break // BEP 27 forbids it, or who shares it, whatever the policy is
		}
		name := "DHT"
		if p == LSD {
			name = NameLSD
		}
		list = t.note(list, p, name)
	}
	return list
}

func (t Torrent) note(list []Unprotected, p Place, name string) []Unprotected {
	u := Unprotected{Source: name, Why: whyClear}
	switch t.Shows(p) {
	case Hash:
		return list
	case ID:
		u.ByID = true
	}
	switch {
	case t.Passphrase:
		u.Why = whyGuess
	case p == HTTPS || p == DHT:
		u.Why = whyHash
	}
	return append(list, u)
}

// host returns what may be shown of a URL, in which there may be a key.
func host(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return "without a name"
	}
	return u.Hostname()
}

// NoWebSeeds returns those of the URLs of web seeds (BEP 19) that a policy does not
// allow: where TLS is demanded of peers, they have to have it as well.
func NoWebSeeds(p btls.Policy, urls []string) (off []Unprotected) {
	for _, u := range urls {
		if InClear(p, u) {
			off = append(off, Unprotected{Source: "web seed " + host(u), Why: whyContent})
		}
	}
	return off
}

// InClear reports whether what comes from a URL would come in clear although a policy
// demands TLS.
func InClear(p btls.Policy, url string) bool { return p == btls.Require && Tracker(url) != HTTPS }
