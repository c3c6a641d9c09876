package qr_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/share/qr"
)

// link is one of a private share, as long as they are with a long name.
const link = "https://warren.example.org:51413/private/AAECAwQFBgcICQoLDA0ODw#s=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8&c=ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"

// The golden texts have been read back by zbarimg.
func TestGolden(t *testing.T) {
	code, err := qr.New(link)
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]string{"plain.txt": code.Text(false), "link.svg": string(code.SVG("a <link> & more\x1b\xff"))} {
		want, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil || got != string(want) {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

// What is drawn is the code, whichever way.
func TestSame(t *testing.T) {
	for _, text := range []string{"", "1", "HTTP://A", link, strings.Repeat("x", 2331)} {
		code, err := qr.New(text)
		if err != nil {
			t.Fatal(err)
		}
		n := code.Side()
		for way, black := range map[string]func(x, y int) bool{
			"svg": svg(t, code, n), "text": lines(t, code.Text(false), n, false), "colours": lines(t, code.Text(true), n, true),
		} {
			for y := range n {
				for x := range n {
					if black(x, y) != code.Black(x, y) {
						t.Fatalf("%.20q, %s: module %d, %d", text, way, x, y)
					}
				}
			}
		}
		for i := range n {
			if code.Black(i, 3) || code.Black(3, i) || code.Black(i, n-4) || code.Black(n-4, i) {
				t.Fatalf("%.20q: no quiet zone", text)
			}
		}
		if !code.Black(4, 4) {
			t.Fatalf("%.20q: no finder", text)
		}
	}
	if _, err := qr.New(strings.Repeat("x", 2332)); !errors.Is(err, qr.ErrTooLong) {
		t.Errorf("too long: %v", err)
	}
}

// svg reads a picture back.
func svg(t *testing.T, code qr.Code, n int) func(x, y int) bool {
	picture := code.SVG("x")
	for d := xml.NewDecoder(strings.NewReader(string(picture))); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	black := map[string]bool{}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(string(picture), -1) {
		from, _ := strconv.Atoi(m[1])
		length, _ := strconv.Atoi(m[3])
		if m[3] != m[4] {
			t.Fatalf("%s is open", m[0])
		}
		for x := range length {
			black[fmt.Sprint(from+x, " ", m[2])] = true
		}
	}
	return func(x, y int) bool { return black[fmt.Sprint(x, " ", y)] }
}

// lines reads half blocks back.
func lines(t *testing.T, text string, n int, inked bool) func(x, y int) bool {
	var rows [][]rune
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(line, "\x1b[30;107m"), "\n"), "\x1b[0m")
		rows = append(rows, []rune(line))
		if len(rows[len(rows)-1]) != n {
			t.Fatalf("a row of %d, want %d", len(rows[len(rows)-1]), n)
		}
	}
	return func(x, y int) bool {
		r := rows[y/2][x]
		upper, lower := r == '█' || r == '▀', r == '█' || r == '▄'
		if y%2 == 0 {
			return upper == inked
		}
		return lower == inked
	}
}
