package btls_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/btls/server"
)

// Two engines, one torrent: the one that listens has it in its table, the one
// that dials derives the same key from the same info-hash.
func Example() {
	infoHash := []byte("20 bytes of SHA-1 :)")
	key, err := btls.BasicKey(infoHash)
	if err != nil {
		log.Fatal(err)
	}

	// The side that listens. What is kept with a key is what Accept returns: here
	// a name, in an engine a pointer to its torrent.
	cert, err := certificate.SelfSigned(time.Now(), nil)
	if err != nil {
		log.Fatal(err)
	}
	table := btls.NewTable[string](nil)
	if err := table.Add(key, "a torrent"); err != nil {
		log.Fatal(err)
	}
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	l, err := server.Listen(inner, table, server.Config{Certificate: cert})
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()
	go func() {
		c, torrent, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		fmt.Fprintf(c, "the peer wire of %s", torrent)
	}()

	// The side that dials. It knows the server's key from a friend, and nobody in
	// between can pretend to be it.
	pin, err := certificate.Pin(cert)
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	raw, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	c, err := btls.Dial(ctx, raw, key, btls.DialOptions{Pin: pin})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	got, err := io.ReadAll(c)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", got)
	// Output: the peer wire of a torrent
}

// An engine with an HTTPS server of its own attaches a Handler to it: whoever
// proves nothing gets the site that was there before.
func ExampleHandler() {
	cert, err := certificate.SelfSigned(time.Now(), nil)
	if err != nil {
		log.Fatal(err)
	}
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	table := btls.NewTable[string](nil)
	table.AddCertificate(cert.Certificate[0])
	site := http.FileServerFS(os.DirFS("testdata"))
	h := btls.NewHandler(table, site, func(c *btls.Conn, torrent string) { c.Close() })
	srv := &http.Server{TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}}}
	h.Attach(srv)
	go srv.ServeTLS(inner, "", "")
	defer srv.Close()

	visitor := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	resp, err := visitor.Get("https://" + inner.Addr().String() + "/vectors.json")
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	fmt.Println(resp.StatusCode)
	// Output: 200
}
