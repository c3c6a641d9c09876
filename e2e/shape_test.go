//go:build linux

package e2e

import (
	bin "encoding/binary"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Lengths of records, as they are on the wire, in bytes: 17 more than what they
// carry.
const (
	fullRecord    = 16<<10 + 17
	blockHeader   = 13 + 17 // of a piece message, BEP 3
	oneRequest    = 17 + 17
	oneHave       = 9 + 17
	smallestBlock = 4 << 10
)

// Records between two of us carry no rhythm of the protocol: whoever sends content
// fills them, and whoever asks for it does not do so block by block, however fast
// the connection is.
func TestShape(t *testing.T) {
	const size, piece = 32 << 20, 256 << 10
	dir := t.TempDir()
	root := content(t, dir, "shape.bin", map[string]int{"": size})
	torrent := filepath.Join(t.TempDir(), "t.torrent")
	run(t, binary, "torrent", "create", root, "-o", torrent, "--piece-length", fmt.Sprint(piece))
	var bytes []int
	for _, c := range []struct {
		name        string
		share, both []string
	}{
		{"as fast as it goes", nil, nil},
		{"with a limit", []string{"--limit-up", "8MB"}, nil},
		{"with padding", nil, []string{"--pad"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			both := append([]string{"--tls", "require"}, c.both...)
			_, addr := share(t, torrent, dir, append(slices.Clone(both), c.share...)...)
			var mu sync.Mutex
			var seen []*recording
			relay := newRelay(t, addr, func(p *passage) {
				mu.Lock()
				defer mu.Unlock()
				seen = append(seen, record(p))
			})
			out := t.TempDir()
			get := start(t, binary, append([]string{"get", torrent, "--dir", out, "--peer", relay.addr, "--exit", "--json", "--home", t.TempDir()}, both...)...)
			get.event(60*time.Second, "done")
			<-get.done
			same(t, root, filepath.Join(out, "shape.bin"))
			mu.Lock()
			defer mu.Unlock()
			var asked, sent []int
			for _, r := range seen {
				r.mu.Lock()
				asked, sent = append(asked, lengths(r.out)...), append(sent, lengths(r.back)...)
				r.mu.Unlock()
			}
			t.Logf("asked in %s", histogram(asked))
			t.Logf("sent in %s", histogram(sent))
			if err := rhythm(asked, sent, size/piece); err != nil {
				t.Error(err)
			}
			total := 0
			for _, n := range slices.Concat(asked, sent) {
				total += n
			}
			t.Logf("%d bytes of records", total)
			bytes = append(bytes, total)
			if c.both == nil {
				return
			}
			// Those of the handshakes of TLS and HTTP have what lengths they have.
			for name, list := range map[string][]int{"asked": asked, "sent": sent} {
				if n := odd(list); n > 10*len(seen) {
					t.Errorf("%s: %d records are not filled, of %d connections", name, n, len(seen))
				}
			}
			if total > bytes[0]+bytes[0]/200 {
				t.Errorf("%d bytes with padding, %d without: much more than is said", total, bytes[0])
			}
		})
	}
}

// odd counts records whose content is no power of two from 256 bytes on.
func odd(lengths []int) (n int) {
	for _, x := range lengths {
		if x -= 17; x < 256 || x&(x-1) != 0 {
			n++
		}
	}
	return n
}

// lengths are those of the encrypted records of one direction.
func lengths(b []byte) []int {
	var all []int
	for at := 0; len(b)-at >= 5; {
		size := int(bin.BigEndian.Uint16(b[at+3:]))
		if b[at] == applicationData {
			all = append(all, size)
		}
		at += 5 + size
	}
	return all
}

// histogram lists the lengths with how often they occur, most often first.
func histogram(lengths []int) string {
	count := map[int]int{}
	for _, n := range lengths {
		count[n]++
	}
	keys := slices.SortedFunc(maps.Keys(count), func(a, b int) int { return count[b] - count[a] })
	var s strings.Builder
	fmt.Fprintf(&s, "%d records:", len(lengths))
	for _, k := range keys[:min(len(keys), 12)] {
		fmt.Fprintf(&s, " %d×%d", count[k], k)
	}
	return s.String()
}

// rhythm looks for what gives a peer wire away that is written to TLS as it comes
// (a request in each record, a record for the 13 bytes before a block, one for each
// piece that is there) in the records of who fetched that many pieces and of who
// sent them.
func rhythm(asked, sent []int, pieces int) error {
	count := func(list []int, is func(n int) bool) (n int) {
		for _, x := range list {
			if is(x) {
				n++
			}
		}
		return n
	}
	exactly := func(want int) func(int) bool { return func(n int) bool { return n == want } }
	full := count(sent, exactly(fullRecord))
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if n := count(sent, exactly(blockHeader)); n > 2 {
		wrong("%d records of the length of a block's header", n)
	}
	if n := count(sent, func(n int) bool { return n < smallestBlock }); n > full/10 {
		wrong("%d short records beside %d full ones", n, full)
	}
	if n := count(sent, func(n int) bool { return n >= smallestBlock && n < fullRecord }); n > full/20 {
		wrong("%d records of a length between, beside %d full ones", n, full)
	}
	if n := len(asked); n > full/8 {
		wrong("%d records ask for %d", n, full)
	}
	if n := count(asked, exactly(oneRequest)); n > full/100 {
		wrong("%d records with a single request", n)
	}
	if n := count(asked, exactly(oneHave)); n > pieces/8 {
		wrong("%d records tell of a single piece of %d", n, pieces)
	}
	return errors.Join(errs...)
}

// What the lengths of a naive peer wire are is found.
func TestRhythm(t *testing.T) {
	repeat := func(n int, of ...int) []int { return slices.Repeat(of, n) }
	good := [2][]int{append(repeat(60, 561), 147, 301, 26, 35, 161), append(repeat(2048, fullRecord), 85, 300, 70, 433)}
	if err := rhythm(good[0], good[1], 128); err != nil {
		t.Error(err)
	}
	for name, bad := range map[string][2][]int{
		"a header before each block": {good[0], repeat(2048, blockHeader, fullRecord)},
		"a header behind each block": {good[0], repeat(2048, fullRecord, blockHeader)},
		"a tail after each 16":       {good[0], repeat(128, append(repeat(16, fullRecord), 225, 225)...)},
		"blocks cut in the middle":   {good[0], repeat(1024, fullRecord, 8209)},
		"a request in each record":   {repeat(1767, oneRequest), good[1]},
		"few requests in each":       {repeat(600, 51), good[1]},
		"each piece told alone":      {append(repeat(60, 561), repeat(128, oneHave)...), good[1]},
	} {
		if rhythm(bad[0], bad[1], 128) == nil {
			t.Errorf("%s: not found", name)
		}
	}
}
