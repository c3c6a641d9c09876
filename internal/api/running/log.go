package running

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/logs"
)

// Line is a line of the log. Addresses and secrets were left out before it was written.
type Line struct {
	Time    time.Time `json:"time" doc:"When."`
	Level   string    `json:"level" enum:"debug,info,warn,error" doc:"How much it matters."`
	Part    string    `json:"part" doc:"Part of the program."`
	Message string    `json:"message" doc:"What happened."`
	Attrs   []Attr    `json:"attrs,omitempty" nullable:"false" doc:"What else it says."`
	Lost    int       `json:"lost,omitempty" doc:"Lines before this one that a reader was too slow for."`
}

// Attr is something that a line says beside its message.
type Attr struct {
	Key   string `json:"key" doc:"What it is about."`
	Value string `json:"value" doc:"What it says."`
}

// LogEvent is what the stream has.
type LogEvent struct {
	Line *Line `json:"line,omitempty" doc:"Data of the event line."`
}

// Log is the newest lines of the log.
type Log struct {
	Lines []Line `json:"lines" nullable:"false" doc:"The oldest first."`
}

// logging is what lines are wanted.
type logging struct {
	Level string `query:"level" default:"debug" enum:"debug,info,warn,error" doc:"Lines that matter at least so much."`
}

func (s Service) registerLog(r *operation.Registrar, unwrap func(huma.Context) http.ResponseWriter) {
	type answer struct{ Body Log }
	operation.Register(r, operation.Op{
		ID: "get-log", Method: http.MethodGet, Path: "/log", Tag: tag, Scope: access.Read, Summary: "Show the newest lines of the log",
	}, func(_ context.Context, in *logging) (*answer, error) {
		out := &answer{Log{[]Line{}}}
		for _, line := range s.Logs.Recent() {
			if matters(line.Level, in.Level) {
				out.Body.Lines = append(out.Body.Lines, lineOf(line))
			}
		}
		return out, nil
	})
	operation.Raw[logging, LogEvent](r, operation.Op{
		ID: "stream-log", Method: http.MethodGet, Path: "/log/events", Tag: tag, Scope: access.Read, Summary: "Follow the log",
		Doc: "A stream of Server-Sent Events called line, which begins with the newest lines there are.",
	}, "text/event-stream", func(ctx context.Context, in *logging) (func(http.ResponseWriter), error) {
		return func(w http.ResponseWriter) { s.follow(ctx, w, in.Level) }, nil
	}, unwrap)
}

const (
	heartbeat    = 15 * time.Second // without a line
	writeTimeout = 30 * time.Second // for a line to be taken
)

// follow writes lines until the client goes.
func (s Service) follow(ctx context.Context, w http.ResponseWriter, level string) {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{}) // nothing more is read
	write := func(text []byte) bool {
		_ = control.SetWriteDeadline(s.Clock.Now().Add(writeTimeout))
		_, err := w.Write(text)
		return err == nil && control.Flush() == nil
	}
	send := func(line logs.Line) bool {
		if !matters(line.Level, level) {
			return true
		}
		text, err := json.Marshal(lineOf(line))
		if err != nil {
			return false
		}
		return write(slices.Concat([]byte("event: line\ndata: "), text, []byte("\n\n")))
	}
	before, lines, stop := s.Logs.Subscribe()
	defer stop()
	for _, line := range before {
		if !send(line) {
			return
		}
	}
	alive := time.NewTicker(heartbeat)
	defer alive.Stop()
	for ok := write([]byte(":\n\n")); ok; {
		select {
		case <-ctx.Done():
			return
		case <-alive.C:
			ok = write([]byte(":\n\n"))
		case line, open := <-lines:
			ok = open && send(line)
		}
	}
}

func matters(level, least string) bool {
	order := []string{"debug", "info", "warn", "error"}
	return slices.Index(order, level) >= slices.Index(order, least)
}

func lineOf(l logs.Line) Line {
	out := Line{Time: l.Time.UTC(), Level: l.Level, Part: l.Part, Message: l.Message, Lost: l.Lost}
	for _, a := range l.Attrs {
		out.Attrs = append(out.Attrs, Attr{a.Key, a.Value})
	}
	return out
}
