package management

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/management/gate"
)

// routes says what is where.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	h := s.cfg.Handlers
	mux.HandleFunc("GET /management/{key}", s.enter)
	if h.Health != nil {
		mux.Handle("GET /healthz", h.Health)
	}
	if h.API != nil {
		mux.Handle("/api/", s.known(h.API))
	}
	if h.QBittorrent != nil {
		mux.Handle("/api/v2/", s.noted(h.QBittorrent))
	}
	if h.Transmission != nil {
		mux.Handle("/transmission/", s.noted(h.Transmission))
	}
	if h.Stream != nil {
		mux.Handle("/stream/", patient(h.Stream))
	}
	if h.Prometheus != nil && s.cfg.Metrics != "off" {
		metrics := h.Prometheus
		if s.cfg.Metrics == "token" {
			metrics = s.known(metrics)
		}
		mux.Handle("GET /metrics", metrics)
	}
	if s.pages != nil {
		mux.HandleFunc("/", s.page)
	}
	return s.guard(mux)
}

// guard is what every request passes: bounds, headers, and the check that no other page
// has a browser make it.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header())
		now := s.cfg.Clock.Now()
		control := http.NewResponseController(w)
		// A connection that cannot have deadlines is none of a client.
		_ = control.SetWriteDeadline(now.Add(answerTimeout))
		if r.ContentLength != 0 {
			_ = control.SetReadDeadline(now.Add(bodyTimeout))
			r.Body = &body{http.MaxBytesReader(w, r.Body, maxBody), control}
		}
		if why := s.gate.Origin(r); why != "" {
			kind := problem.Forbidden
			if r.Header.Get("Origin") == "" && r.Header.Get("Sec-Fetch-Site") == "" {
				kind = problem.Misdirected
			}
			problem.Write(w, problem.New(kind, why))
			return
		}
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler:
				panic(v)
			default:
				s.cfg.Log.Error("a request has failed the node", "method", r.Method, "path", r.Pattern, "err", v)
				problem.Write(w, problem.New(problem.Internal, "the log of the node has more"))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// body is the body of a request. Once it is there, nothing is waited for any more: a
// deadline that passes while the answer is made would end the request.
type body struct {
	io.ReadCloser
	control *http.ResponseController
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		_ = b.control.SetReadDeadline(time.Time{}) // it has had one
	}
	return n, err
}

// protect keeps browsers from doing with an answer what it is not meant for. Whoever
// serves a page says itself what that may load.
func protect(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// patient lets a transfer take as long as it wants.
func patient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		_ = control.SetReadDeadline(time.Time{})
		_ = control.SetWriteDeadline(time.Time{})
		next.ServeHTTP(w, r)
	})
}

// enter answers the owner's URL.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) {
	err := s.gate.Enter(w, r, r.PathValue("key"))
	if err == nil {
		return
	}
	if errors.Is(err, gate.ErrWrong) { // whoever asks too soon would fill the log with it
		s.cfg.Audit.Add(audit.Entry{Who: "somebody", Way: access.ByNobody, What: "sign-in", Status: http.StatusNotFound, Failure: err.Error()})
	}
	if late, ok := errors.AsType[*gate.LaterError](err); ok {
		problem.WriteLater(w, late.After, late.Reason)
		return
	}
	problem.Write(w, problem.New(problem.NotFound, "there is nothing here"))
}

// known lets in those alone who have shown who they are.
func (s *Server) known(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		life := s.cfg.Key.Life() // before the key is looked at
		p, err := s.gate.Principal(r)
		if err == nil {
			ctx, end := p.While(access.With(r.Context(), p), s.cfg.Clock.Now())
			defer end()
			if p.Way != access.ByToken { // what goes on ends with the owner's key
				defer context.AfterFunc(life, end)()
			}
			s.attend(w, r.WithContext(ctx), p, next)
			return
		}
		late, ok := errors.AsType[*gate.LaterError](err)
		switch {
		case ok:
			problem.WriteLater(w, late.After, late.Reason)
		case errors.Is(err, gate.ErrCSRF):
			problem.Write(w, problem.New(problem.Forbidden, err.Error()))
		default:
			w.Header().Set("WWW-Authenticate", `Bearer realm="warren"`)
			problem.Write(w, problem.New(problem.Nobody, err.Error()))
		}
		if errors.Is(err, gate.ErrWrong) {
			s.cfg.Audit.Add(audit.Entry{Who: "somebody", Way: access.ByNobody, What: "authenticate", Status: http.StatusUnauthorized, Failure: err.Error()})
		}
	})
}

// noted serves a handler that decides itself whom it lets in.
func (s *Server) noted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.attend(w, r, access.Principal{Name: "program", Way: access.ByNobody}, next)
	})
}

// attend serves a request and keeps what it has changed, as the handler said it.
func (s *Server) attend(w http.ResponseWriter, r *http.Request, p access.Principal, next http.Handler) {
	var note audit.Note
	answer := &answer{ResponseWriter: w}
	whole := false
	defer func() { // also when an answer is broken off
		status := answer.status()
		if !whole && answer.code == 0 {
			status = http.StatusInternalServerError
		}
		if note.What != "" {
			s.cfg.Audit.Add(audit.Entry{Who: p.Name, Way: p.Way, What: note.What, Target: note.Target, Status: status, Failure: note.Failure})
		}
	}()
	next.ServeHTTP(answer, r.WithContext(audit.WithNote(r.Context(), &note)))
	whole = true
}

// page serves the owner's browser; for others there is nothing.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength > maxBody { // what a form must send would not be found in it
		problem.Write(w, problem.New(problem.TooLarge, "what was sent is larger than anything that a page takes"))
		return
	}
	if !s.gate.Browser(r) {
		problem.Write(w, problem.New(problem.NotFound, "there is nothing here: open the URL that `warren run` prints"))
		return
	}
	ctx := access.With(r.Context(), access.Owner(access.ByCookie))
	s.attend(w, r.WithContext(ctx), access.Owner(access.ByCookie), s.pages)
}

// answer remembers the status of an answer.
type answer struct {
	http.ResponseWriter
	code int
}

func (a *answer) WriteHeader(code int) {
	if a.code == 0 {
		a.code = code
	}
	a.ResponseWriter.WriteHeader(code)
}

// Unwrap lets deadlines and flushing through: see [http.ResponseController].
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answer) status() int {
	if a.code == 0 {
		return http.StatusOK
	}
	return a.code
}
