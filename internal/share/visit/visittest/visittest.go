// Package visittest is a node that shares something, for tests of those who go there.
package visittest

import (
	"crypto/rand"
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/trackerhost/own"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/permid"
)

// Place is a node that shares something, as far as a visitor sees it. Its fields may be
// changed before somebody comes.
type Place struct {
	Link link.Link

	Record  record.Record
	Signed  []byte
	Torrent *metainfo.Torrent
	Way     string // of the page; "" for nothing there
	Ticket  string // that the link was redeemed for last
	Status  int    // of a redemption, 0 for what is right
	Leads   string // where it leads, "" for what is right
	Busy    bool
	// Instead answers in the place of what is right, if it says so.
	Instead func(w http.ResponseWriter, r *http.Request) bool
	Heads   []http.Header // of requests

	t     testing.TB
	mu    sync.Mutex
	asked []string // methods and paths, with what was sent
}

// Share starts one at 10.0.0.1:6881 of a network, of a private share unless it is public.
func Share(t testing.TB, net *netpolicy.Mem, public bool) *Place {
	t.Helper()
	p := &Place{t: t, Way: "open"}
	cert, err := certificate.SelfSigned(clock.System{}.Now(), rand.Reader)
	p.must(err)
	p.Link = link.Link{Kind: link.Private, Address: "10.0.0.1:6881", Token: link.NewToken(), Secret: [32]byte{7}}
	p.Link.Pin, err = certificate.Pin(cert)
	p.must(err)
	p.Record = record.Record{ID: record.NewID(), Title: "Field recordings", Sequence: 1, Created: time.Unix(1_790_000_000, 0).UTC()}
	if public {
		p.Link.Kind, p.Link.Share, p.Link.Secret = link.Public, p.Record.ID, [32]byte{}
	}
	p.Make(!public)
	l, err := net.Host(netip.MustParseAddr("10.0.0.1")).Listen(t.Context(), ":6881")
	p.must(err)
	s := &http.Server{Handler: p, ErrorLog: log.New(io.Discard, "", 0)}
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = s.Serve(tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS13}))
	})
	t.Cleanup(func() {
		_ = s.Close() // what is under way ends
		wg.Wait()
	})
	return p
}

func (p *Place) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// Make makes the torrent, and the record of it.
func (p *Place) Make(private bool) {
	disk := memfs.New()
	p.must(vfs.WriteFileAtomic(disk, "file.bin", []byte(strings.Repeat("content ", 10_000)), 0o600))
	m, err := create.Torrent(p.t.Context(), disk, "file.bin", create.Options{Kind: create.Hybrid, PieceLength: 16 << 10, Private: private})
	p.must(err)
	m.SetTrackers([][]string{{"udp://tracker.example:1"}, {own.SoleURL("10.0.0.9:1", "KEY")}})
	m.URLList = []string{"http://web.example/"}
	if private {
		m.TLS = &metainfo.TLS{Level: metainfo.TLSStrict}
	}
	p.Torrent = m
	p.Record.Hashes = m.Hashes()
	p.Record.Files, p.Record.Size = record.FilesOf(&m.Info)
	p.Sign()
}

// Sign signs the record.
func (p *Place) Sign() {
	s, err := p.Record.Sign(permid.New().Share())
	p.must(err)
	p.Signed = s.Bytes()
}

// ServeHTTP implements http.Handler.
func (p *Place) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.Instead != nil && p.Instead(w, r) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	p.asked = append(p.asked, r.Method+" "+r.URL.Path+" "+string(body))
	p.Heads = append(p.Heads, r.Header)
	base := strings.SplitN(p.Link.Page(), "6881", 2)[1]
	rest, ok := strings.CutPrefix(r.URL.Path, base)
	way := p.Way
	if p.Ticket != "" && strings.HasPrefix(rest, "/"+p.Ticket) {
		rest, way = strings.TrimPrefix(rest, "/"+p.Ticket), "open"
	}
	switch {
	case !ok || way == "":
		http.Error(w, "the website", http.StatusNotFound)
	case p.Busy:
		w.WriteHeader(http.StatusServiceUnavailable)
	case r.Method == http.MethodPost && p.Status != 0:
		w.Header().Set("Retry-After", "90")
		w.WriteHeader(p.Status)
	case r.Method == http.MethodPost:
		p.Ticket = link.NewToken().Text()
		w.Header().Set("Location", base+"/"+p.Ticket)
		if p.Leads != "" {
			w.Header().Set("Location", p.Leads)
		}
		w.WriteHeader(http.StatusSeeOther)
	case rest == "":
		w.Header().Set("Warren-Share", way)
	case rest == "/record" && way == "open":
		_, _ = w.Write(p.Signed)
	case rest == "/torrent" && way == "open":
		_, _ = w.Write(p.Torrent.Bytes())
	default:
		http.Error(w, "the website", http.StatusNotFound)
	}
}

// Said returns what was asked since the last call, without the base of paths.
func (p *Place) Said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := strings.ReplaceAll(strings.Join(p.asked, ", "), strings.SplitN(p.Link.Page(), "6881", 2)[1], "")
	if p.Ticket != "" {
		text = strings.ReplaceAll(text, p.Ticket, "TICKET")
	}
	p.asked = nil
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), " ,", ",")
}
