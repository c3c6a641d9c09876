package transport

import (
	"bufio"
	"crypto/rand"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"
)

// BenchmarkProbing asks a port with ten thousand torrents and one with none by
// turns, and reports how long they take to answer: the quartiles, and how far the
// two distributions are apart (Kolmogorov and Smirnov: 0 means equal, 1 without
// overlap). What chance makes of it for two equal ones shows the row without a
// claim: there nothing is looked up.
func BenchmarkProbing(b *testing.B) {
	with, _ := listen(b, nil)
	for range 10_000 {
		id := ID{HasV1: true}
		rand.Read(id.V1[:])
		if err := with.Add(id, TLS); err != nil {
			b.Fatal(err)
		}
	}
	without, _ := listen(b, nil)
	for _, id := range []ID{v1, v2, hybrid} {
		if err := without.Remove(id); err != nil {
			b.Fatal(err)
		}
	}
	tag := newProber(with.cfg.Certificate, nil, false).tags[0]
	for _, c := range []struct {
		name    string
		request func() []byte
	}{
		{"no claim", func() []byte { return []byte("GET /a/b HTTP/1.1\r\nHost: h\r\n\r\n") }},
		{"unknown tag", func() []byte { return upgrade(fresh(16), fresh(64)) }},
		{"right tag, wrong proof", func() []byte { return upgrade(tag, fresh(64)) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			network := 0
			var took [2][]time.Duration
			for b.Loop() {
				network++ // each its own, or after 20 nothing is looked up
				for i, p := range []*Port{with, without} {
					took[i] = append(took[i], answerTime(b, p.Addr().String(), network, c.request()))
				}
			}
			for i, name := range []string{"with", "without"} {
				slices.Sort(took[i])
				for _, q := range []struct {
					name string
					at   float64
				}{{"q1", .25}, {"median", .5}, {"q3", .75}} {
					b.ReportMetric(float64(took[i][int(q.at*float64(len(took[i])))].Nanoseconds())/1000, name+"-"+q.name+"-µs")
				}
			}
			b.ReportMetric(apart(took[0], took[1]), "apart")
		})
	}
}

func fresh(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

// answerTime is the time from a request to its answer, on a connection from a
// network of 127.0.0.0/8 whose handshake is over.
func answerTime(b *testing.B, addr string, network int, request []byte) time.Duration {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, byte(1+network>>8), byte(network), 1)}}
	raw, err := d.Dial("tcp", addr)
	if err != nil {
		b.Fatal(err)
	}
	defer raw.Close()
	c := tls.Client(raw, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}})
	if err := c.Handshake(); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if _, err := c.Write(request); err != nil {
		b.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		b.Fatal(err)
	}
	took := time.Since(began)
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusNotFound {
		b.Fatal(resp.Status, err)
	}
	return took
}

// apart is the largest distance of two cumulative distributions. Both are sorted.
func apart(x, y []time.Duration) float64 {
	most := 0.0
	for i, j := 0, 0; i < len(x) && j < len(y); {
		if x[i] <= y[j] {
			i++
		} else {
			j++
		}
		most = max(most, max(float64(i)/float64(len(x))-float64(j)/float64(len(y)), float64(j)/float64(len(y))-float64(i)/float64(len(x))))
	}
	return most
}
