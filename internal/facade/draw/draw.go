// Package draw draws pictures that nobody took: hills under a sky, and small
// patterns. The same chance draws the same picture.
package draw

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
)

// Hills draws hills under a sky, some 400 pixels wide, as a JPEG.
func Hills(r *rand.Rand) []byte {
	w, h := 400+16*r.IntN(15), 260+12*r.IntN(15)
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	top, bottom := shade(r, 140, 110), shade(r, 200, 55)
	sunX, sunY, sunR := r.IntN(w), r.IntN(h/2), 8+r.IntN(30)
	grain := 3 + r.IntN(9)
	dot := func(x, y int, c [3]float64) {
		n := float64(r.IntN(2*grain+1) - grain)
		img.SetRGBA(x, y, color.RGBA{clip(c[0] + n), clip(c[1] + n), clip(c[2] + n), 255})
	}
	for y := range h {
		part := float64(y) / float64(h)
		for x := range w {
			c := mix(top, bottom, part)
			if d := math.Hypot(float64(x-sunX), float64(y-sunY)); d < float64(sunR) {
				c = mix(c, [3]float64{255, 250, 225}, 0.8)
			}
			dot(x, y, c)
		}
	}
	ridges := 2 + r.IntN(4)
	for i := range ridges {
		near := float64(i+1) / float64(ridges)
		c := mix(bottom, shade(r, 25, 70), 0.3+0.6*near)
		base, rough := float64(h)*(0.35+0.5*near*(0.8+0.2*r.Float64())), float64(h)*0.12
		wave := [3]float64{r.Float64() * 7, r.Float64() * 7, r.Float64() * 7}
		for x := range w {
			at := float64(x) / float64(w)
			edge := base + rough*(math.Sin(wave[0]+4*at)+0.5*math.Sin(wave[1]+11*at)+0.2*math.Sin(wave[2]+37*at))/1.7
			for y := max(0, int(edge)); y < h; y++ {
				dot(x, y, mix(c, [3]float64{0, 0, 0}, 0.4*(float64(y)-edge)/float64(h)))
			}
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, &jpeg.Options{Quality: 70 + r.IntN(20)}) // a buffer takes everything
	return b.Bytes()
}

// Icon draws a small pattern that is the same on the left and the right, as a PNG.
func Icon(r *rand.Rand) []byte {
	side, cells := []int{16, 32, 32, 48, 64}[r.IntN(5)], 5+2*r.IntN(2)
	fore, back := shade(r, 20, 150), shade(r, 215, 40)
	var on [7][7]bool
	for y := range cells {
		for x := range (cells + 1) / 2 {
			on[y][x] = r.IntN(2) == 0
			on[y][cells-1-x] = on[y][x]
		}
	}
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			c := back
			if on[y*cells/side][x*cells/side] {
				c = fore
			}
			img.SetRGBA(x, y, color.RGBA{clip(c[0]), clip(c[1]), clip(c[2]), 255})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img) // a buffer takes everything
	return b.Bytes()
}

// shade draws a colour whose channels are from low to low+span.
func shade(r *rand.Rand, low, span int) (c [3]float64) {
	for i := range c {
		c[i] = float64(low + r.IntN(span+1))
	}
	return c
}

func mix(a, b [3]float64, part float64) (c [3]float64) {
	for i := range c {
		c[i] = a[i] + (b[i]-a[i])*min(1, max(0, part))
	}
	return c
}

func clip(v float64) uint8 { return uint8(min(255, max(0, v))) }
