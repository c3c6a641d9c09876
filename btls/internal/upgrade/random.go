package upgrade

import (
	"math/rand/v2"
	"strings"
)

// Names and lengths chosen here need to differ from one connection to the
// next; nothing depends on nobody guessing them.

// randomPath returns an absolute path of one to three segments.
func randomPath() string {
	var p strings.Builder
	for range 1 + rand.IntN(3) {
		p.WriteString("/" + randomName(2, 12))
	}
	return p.String()
}

// randomName returns least to most lower-case letters.
func randomName(least, most int) string {
	b := make([]byte, least+rand.IntN(most-least+1))
	for i := range b {
		b[i] = byte('a' + rand.IntN(26))
	}
	return string(b)
}

// randomPadding returns how many bytes follow a proof: at most maxPadding.
func randomPadding() int { return rand.IntN(maxPadding + 1) }
