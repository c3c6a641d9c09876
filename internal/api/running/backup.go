package running

import (
	"bufio"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/backup"
	"github.com/warren-p2p/warren/internal/clock"
)

// begun is how much of a backup is there before any of it is sent: what fails until then
// is told.
const begun = 256 << 10

func (s Service) registerBackup(r *operation.Registrar, unwrap func(huma.Context) http.ResponseWriter) {
	type asking struct {
		Body struct {
			Passphrase string `json:"passphrase,omitempty" maxLength:"1024" doc:"What the backup is encrypted under; not at all if absent."`
		}
	}
	operation.Raw[asking, []byte](r, operation.Op{
		ID: "backup-node", Method: http.MethodPost, Path: "/backup", Tag: tag, Scope: access.Admin, Owner: true,
		Errors:  []problem.Kind{problem.DiskFull},
		Summary: "Get a backup of the whole node", Doc: "What warren restore takes: identities and the owner's key are in it. An answer that is broken off is none.",
	}, "application/octet-stream", func(ctx context.Context, in *asking) (func(http.ResponseWriter), error) {
		return func(w http.ResponseWriter) {
			if err := s.Backup(ctx, w, in.Body.Passphrase); err != nil {
				p := r.Explain(ctx, "backup-node", err)
				audit.Fail(ctx, p.Detail)
				problem.Write(w, p)
			}
		}, nil
	}, unwrap)
}

// Backup answers with a backup of the node. The error is of a time when nothing was
// sent; what fails later breaks the answer off.
func (s Service) Backup(ctx context.Context, w http.ResponseWriter, passphrase string) error {
	n := backup.Node{Home: s.Home, Version: s.Version, Clock: s.Clock, Passphrase: passphrase}
	to := &sender{w: w, clock: s.Clock, name: "warren-" + s.Clock.Now().UTC().Format("20060102-1504") + ".backup"}
	b := bufio.NewWriterSize(to, begun)
	_, err := n.Save(ctx, b)
	if err == nil {
		err = b.Flush()
	}
	switch {
	case err == nil || !to.sent:
		return err
	default:
		audit.Fail(ctx, err.Error())
		panic(http.ErrAbortHandler) // the client must not take it for whole
	}
}

// sender begins an answer when there is something to send, and gives each part its time.
type sender struct {
	w     http.ResponseWriter
	clock clock.Clock
	name  string
	sent  bool
}

// partTimeout is how long a part may take to be taken.
const partTimeout = 2 * time.Minute

// Write implements io.Writer.
func (s *sender) Write(b []byte) (int, error) {
	if !s.sent {
		s.sent = true
		s.w.Header().Set("Content-Type", "application/octet-stream")
		s.w.Header().Set("Content-Disposition", `attachment; filename="`+s.name+`"`)
	}
	// Not every server can do so; then whoever runs it bounds this.
	_ = http.NewResponseController(s.w).SetWriteDeadline(s.clock.Now().Add(partTimeout))
	return s.w.Write(b)
}
