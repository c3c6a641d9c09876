package transport

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy"
)

// Close returns only after Handle did, for every kind of peer.
func TestCloseWaitsForHandle(t *testing.T) {
	for name, dial := range map[string]func(string) (net.Conn, error){
		"TLS": func(addr string) (net.Conn, error) {
			return DialTLS(t.Context(), direct, addr, v1, btls.DialOptions{})
		},
		"MSE": func(addr string) (net.Conn, error) { return DialMSE(t.Context(), direct, addr, v1.V1) },
	} {
		t.Run(name, func(t *testing.T) {
			entered, release := make(chan struct{}), make(chan struct{})
			var returned atomic.Bool
			p, _ := listen(t, func(c *Config) {
				c.Handle = func(in Incoming) {
					close(entered)
					<-release
					in.Conn.Close()
					returned.Store(true)
				}
			})
			c, err := dial(p.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			<-entered
			go func() {
				<-p.ctx.Done()
				time.Sleep(20 * time.Millisecond) // for a Close that does not wait
				close(release)
			}()
			p.Close()
			if !returned.Load() {
				t.Error("Close returned before Handle")
			}
		})
	}
}

// midway is a policy whose connections call hook once the server has shown its
// certificate and before the client says what it wants.
type midway struct {
	netpolicy.Direct
	hook func()
}

func (m midway) Dial(ctx context.Context, addr string) (net.Conn, error) {
	c, err := m.Direct.Dial(ctx, addr)
	return &midwayConn{Conn: c, hook: m.hook}, err
}

type midwayConn struct {
	net.Conn
	hook func()
	read bool
	once sync.Once
}

func (c *midwayConn) Read(p []byte) (int, error) {
	c.read = true
	return c.Conn.Read(p)
}

func (c *midwayConn) Write(p []byte) (int, error) {
	if c.read {
		c.once.Do(c.hook)
	}
	return c.Conn.Write(p)
}

// Who was shown the old certificate is recognised for an hour.
func TestRenewalWhilePeersConnect(t *testing.T) {
	for _, c := range []struct {
		after time.Duration
		peer  bool
	}{{59 * time.Minute, true}, {time.Hour, false}} {
		clk := clock.NewManual(time.Unix(1_800_000_000, 0))
		p, _ := listen(t, func(cfg *Config) { cfg.Clock = clk })
		fresh := newCertificate(t)
		policy := midway{hook: func() { p.SetCertificate(fresh); clk.Pass(c.after) }}
		conn, err := DialTLS(t.Context(), policy, p.Addr().String(), v1, btls.DialOptions{})
		if (err == nil) != c.peer || (err != nil && !errors.Is(err, btls.ErrNotPeer)) {
			t.Errorf("%v after the renewal: %v", c.after, err)
		}
		if err == nil {
			talk(t, conn, TLS, "x")
		}
	}
}
