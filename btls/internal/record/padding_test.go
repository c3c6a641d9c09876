package record

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"testing"
)

// lengths notes how long the records are that are written.
type lengths struct {
	net.Conn
	content []int // with the padding
}

func (l *lengths) Write(p []byte) (int, error) {
	for b := p; len(b) > 0; {
		n := headerLen + int(b[3])<<8 + int(b[4])
		l.content = append(l.content, n-overhead)
		b = b[n:]
	}
	return l.Conn.Write(p)
}

// Padding changes lengths and nothing else: crypto/tls reads the same bytes.
func TestPadding(t *testing.T) {
	sizes := []int{68, 68, 1, 17, 1024, 1025, 300, 2, 5, 68, 68, 255, 256, 257, 5000, 16383, 16384, 16385, 40000}
	for _, c := range []struct {
		name    string
		padding Padding
		right   func(i, size, padded int) bool // i counts records, size is without padding
	}{
		{"opening", Opening, func(i, size, padded int) bool {
			if i < openingRecords && size <= openingContent {
				return padded >= size && padded <= size+openingPadding
			}
			return padded == size
		}},
		{"buckets", Buckets, func(_, size, padded int) bool {
			return padded >= size && padded >= leastBucket && padded&(padded-1) == 0 && (padded < 2*size || padded == leastBucket)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, server := pair(t, nil)
			a := client.takeOver(t)
			a.SetPadding(c.padding)
			l := &lengths{Conn: a.raw}
			a.raw = l
			var want bytes.Buffer
			i := 0
			for _, n := range sizes {
				p := bytes.Repeat([]byte{byte(n)}, n)
				want.Write(p)
				if _, err := a.Write(p); err != nil {
					t.Fatal(err)
				}
				for rest := n; rest > 0; rest -= maxContent {
					if size := min(rest, maxContent); i >= len(l.content) || !c.right(i, size, l.content[i]) {
						t.Fatalf("record %d with %d bytes: lengths %v", i, size, l.content)
					}
					i++
				}
			}
			got := make([]byte, want.Len())
			if _, err := io.ReadFull(server.tc, got); err != nil || !bytes.Equal(got, want.Bytes()) {
				t.Fatalf("other bytes arrived: %v", err)
			}
		})
	}
}

// The first records of two connections with the same content differ in length.
func TestOpeningDiffers(t *testing.T) {
	seen := map[int]bool{}
	for range 20 {
		a, b := own(t, tls.TLS_AES_128_GCM_SHA256)
		l := &lengths{Conn: a.raw}
		a.raw = l
		expect(t, a, b, string(make([]byte, 68)))
		seen[l.content[0]] = true
	}
	if len(seen) < 5 {
		t.Errorf("20 connections begin with records of %d lengths", len(seen))
	}
}

// Keys that were used often are changed, both ways, whoever is at the other end.
func TestFreshKeys(t *testing.T) {
	for _, c := range []struct {
		name           string
		client, server bool // who is taken over
	}{{"client", true, false}, {"server", false, true}, {"both", true, true}} {
		t.Run(c.name, func(t *testing.T) {
			client, server := pair(t, nil)
			a, b := net.Conn(client.tc), net.Conn(server.tc)
			var ours []*Conn
			for _, e := range []struct {
				is  bool
				end end
				at  *net.Conn
			}{{c.client, client, &a}, {c.server, server, &b}} {
				if e.is {
					r := e.end.takeOver(t)
					r.limit = 20
					ours, *e.at = append(ours, r), r
				}
			}
			before := secrets(ours)
			for range 100 { // in turns: what is on its way still has the old keys
				expect(t, a, b, "there")
				expect(t, b, a, "and back")
			}
			exchange(t, a, b)
			for i, s := range secrets(ours) {
				if bytes.Equal(s, before[i]) {
					t.Errorf("secret %d is still the same", i)
				}
			}
			for _, r := range ours {
				if r.out.half.seq > r.limit+batchLen/maxContent {
					t.Errorf("%d records sent with the same keys, the limit is %d", r.out.half.seq, r.limit)
				}
			}
		})
	}
}

func secrets(conns []*Conn) (all [][]byte) {
	for _, c := range conns {
		all = append(all, bytes.Clone(c.in.half.secret), bytes.Clone(c.out.half.secret))
	}
	return all
}
