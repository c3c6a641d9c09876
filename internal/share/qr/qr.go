// Package qr draws links as QR codes (ISO/IEC 18004), for pages and for terminals. What
// is encoded and corrected how is rsc.io/qr's; here it becomes something to look at.
package qr

import (
	"errors"
	"fmt"
	"strings"

	"rsc.io/qr"
)

// ErrTooLong is a text that no code holds.
var ErrTooLong = errors.New("too long for a QR code")

// maxText is how many bytes a code holds at the level of correction used here: those of
// version 40, level M (ISO/IEC 18004, table 7).
const maxText = 2331

// quiet is how many white modules a code needs around it.
const quiet = 4

// Code is the code of one text. It is safe for concurrent use.
type Code struct{ code *qr.Code }

// New returns the code of a text of 2,331 bytes at most, or [ErrTooLong]. A seventh of it
// may be spoilt.
func New(text string) (Code, error) {
	if len(text) > maxText {
		return Code{}, fmt.Errorf("%d bytes: %w", len(text), ErrTooLong)
	}
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return Code{}, fmt.Errorf("make a QR code: %w", err)
	}
	return Code{code}, nil
}

// Side returns the modules of one side, the quiet zone included.
func (c Code) Side() int { return c.code.Size + 2*quiet }

// Black reports whether a module is black. Outside of the code all are white.
func (c Code) Black(x, y int) bool { return c.code.Black(x-quiet, y-quiet) }

// SVG returns a picture that stands alone and scales: black modules on white, whatever
// the colours around it. title is what a screen reader says.
func (c Code) SVG(title string) []byte {
	var b strings.Builder
	n := c.Side()
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" shape-rendering="crispEdges">`, n, n)
	fmt.Fprintf(&b, `<title>%s</title><path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="`, escape(title), n, n)
	for y := range n {
		for x := 0; x < n; x++ {
			from := x
			for c.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return []byte(b.String())
}

// Text returns the code as lines of half blocks, two rows of modules in each. With
// colours it is black on white wherever it is shown; without, what is white in the code
// is what is written, as is right where text is light on dark.
func (c Code) Text(colours bool) string {
	var b strings.Builder
	n := c.Side()
	for y := 0; y < n; y += 2 {
		if colours {
			b.WriteString("\x1b[30;107m")
		}
		for x := range n {
			upper, lower := c.Black(x, y), c.Black(x, y+1)
			if !colours {
				upper, lower = !upper, !lower && y+1 < n
			}
			b.WriteRune(half(upper, lower))
		}
		if colours {
			b.WriteString("\x1b[0m")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// half returns the block that is inked above, below, both or neither.
func half(upper, lower bool) rune {
	switch {
	case upper && lower:
		return '█'
	case upper:
		return '▀'
	case lower:
		return '▄'
	}
	return ' '
}

// escape makes a text one of XML, without what XML cannot say.
func escape(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == '\uFFFE' || r == '\uFFFF' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(text)
}
