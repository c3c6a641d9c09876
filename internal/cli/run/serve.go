package run

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/node"
	"github.com/warren-p2p/warren/internal/words"
)

// server is the surface of a node.
type server struct {
	api, url string
	http     *http.Server
	done     chan struct{}
}

// serve opens it. If nobody has said where, and the usual port is taken, any port of
// this machine will do.
func serve(ctx context.Context, n *node.Node) (*server, error) {
	c := n.Settings()
	at := c.Management.Listen
	l, err := n.Policy.Listen(ctx, at)
	if _, ok := errors.AsType[*net.OpError](err); ok && c.Origin("management.listen") == config.Default {
		l, err = n.Policy.Listen(ctx, "127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s for the management: %w: end the program that has the port, or choose another with management.listen in config.toml or --management", at, words.Cause(err))
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	s := &server{api: "http://" + l.Addr().String(), done: make(chan struct{}), http: &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}}
	s.url = s.api + "/healthz"
	go func() {
		defer close(s.done)
		if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			n.Log.Error("the management ends", "err", err)
		}
	}()
	return s, nil
}

func (s *server) close(ctx context.Context) error {
	if s == nil {
		return nil
	}
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = s.http.Close()
	}
	<-s.done
	return err
}
