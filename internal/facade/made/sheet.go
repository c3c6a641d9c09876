package made

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

// rule is one of a style sheet.
type rule struct {
	selector string
	props    props
}

type props [][2]string

// written writes a style sheet in one of several manners. Here and there a property
// is left out, for which there is a default.
func written(r *rand.Rand, sheet []rule) string {
	open, indent, colon, end, last, between := " {\n", "  ", ": ", ";\n", "}\n", ""
	switch r.IntN(4) {
	case 0:
		open, indent, colon, end, last = "{", "", ":", ";", "}\n"
	case 1:
		open, indent, colon, end, last = " { ", "", ": ", "; ", "}\n"
	case 2:
		indent, between = "\t", "\n"
	}
	var b strings.Builder
	for i, one := range sheet {
		if i > 0 {
			b.WriteString(between)
		}
		b.WriteString(one.selector + open)
		for j, p := range one.props {
			if j > 0 && r.IntN(6) == 0 {
				continue
			}
			b.WriteString(indent + p[0] + colon + p[1] + end)
		}
		b.WriteString(last)
	}
	return b.String()
}

// hexColour returns a colour of hue (degrees), saturation and lightness (per cent)
// as #rrggbb.
func hexColour(h, s, l int) string {
	light, chroma := float64(l)/100, float64(s)/100
	chroma *= math.Min(light, 1-light)
	channel := func(n float64) int {
		k := math.Mod(n+float64(h)/30, 12)
		return int(math.Round(255 * (light - chroma*max(-1, min(k-3, 9-k, 1)))))
	}
	return fmt.Sprintf("#%02x%02x%02x", channel(0), channel(8), channel(4))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
