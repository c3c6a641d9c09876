package draw

import (
	"bytes"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"math/rand/v2"
	"testing"
)

// TestSame: the same chance draws the same, another one something else.
func TestSame(t *testing.T) {
	for name, draw := range map[string]func(*rand.Rand) []byte{"hills": Hills, "icon": Icon} {
		one, again, other := draw(rand.New(rand.NewPCG(1, 2))), draw(rand.New(rand.NewPCG(1, 2))), draw(rand.New(rand.NewPCG(3, 4)))
		if !bytes.Equal(one, again) || bytes.Equal(one, other) {
			t.Errorf("%s: %d, %d and %d bytes", name, len(one), len(again), len(other))
		}
		if _, _, err := image.Decode(bytes.NewReader(one)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
