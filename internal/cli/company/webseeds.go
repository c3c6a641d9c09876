package company

import (
	"net/url"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/words"
)

// CheckWebSeeds refuses what cannot be fetched from.
func CheckWebSeeds(urls []string, none bool) error {
	if none && len(urls) > 0 {
		return console.Usage("--web-seed names a server to fetch from, --no-web-seeds says to fetch from none: give one of them")
	}
	for _, text := range urls {
		if u, err := url.Parse(text); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return console.Usage("--web-seed %s: want a URL, such as https://www.example.org/files/", words.Plain(text))
		}
	}
	return nil
}
