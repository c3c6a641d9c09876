package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/apitest"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/api/torrents"
)

// spec is as much of the document as is needed to ask nonsense.
type spec struct {
	Paths map[string]map[string]struct {
		OperationID string
		Parameters  []struct {
			Name, In string
			Schema   shape
		}
		RequestBody struct {
			Content map[string]struct{ Schema shape }
		}
		Responses map[string]struct{ Content map[string]any }
	}
	Components struct{ Schemas map[string]shape }
}

type shape struct {
	Ref        string `json:"$ref"`
	Type       any
	Enum       []any
	Properties map[string]shape
	Items      *shape
}

// monkey asks.
type monkey struct {
	*rand.Rand
	spec spec
}

// words are what trips programs up.
func (m *monkey) word() string {
	list := []string{
		"", "0", "-1", "1", "9223372036854775807", "-9223372036854775808", "1e400", "NaN", "true", "null", "\x00", "\xff\xfe", "../../etc/passwd", "/", "..", "%2e%2e",
		"a\r\nX-Injected: yes", strings.Repeat("a", 5000), strings.Repeat("0", 40), strings.Repeat("f", 64), "💥", "<script>", "' OR 1=1 --", "magnet:?xt=urn:btih:" + strings.Repeat("0", 40),
		"http://127.0.0.1/", "file:///etc/passwd", "/content", "1",
	}
	return list[m.IntN(len(list))]
}

// value is what a schema asks for, or not quite.
func (m *monkey) value(s shape, depth int) any {
	if s.Ref != "" {
		s = m.spec.Components.Schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]]
	}
	kind := fmt.Sprint(s.Type)
	switch n := m.IntN(10); {
	case n == 0 || depth > 6:
		return []any{nil, true, -1, 1.5, "", []any{}, map[string]any{}, []any{nil}, map[string]any{"a": 1}, 1 << 62}[m.IntN(10)]
	case len(s.Enum) > 0 && n < 8:
		return s.Enum[m.IntN(len(s.Enum))]
	case strings.Contains(kind, "string"):
		return m.word()
	case strings.Contains(kind, "integer"):
		return []any{0, 1, -1, int64(1)<<62 + 1, -(int64(1) << 62), 1 << 31, 2}[m.IntN(7)]
	case strings.Contains(kind, "number"):
		return []any{0, 1, -1, 1e300, 0.1}[m.IntN(5)]
	case strings.Contains(kind, "boolean"):
		return m.IntN(2) == 0
	case strings.Contains(kind, "array") && s.Items != nil:
		list := []any{}
		for range m.IntN(4) {
			list = append(list, m.value(*s.Items, depth+1))
		}
		return list
	}
	object := map[string]any{}
	for name, property := range s.Properties {
		if strings.Contains("old passphrase", name) && m.IntN(40) > 0 {
			continue // each costs as much as a guess should
		}
		if m.IntN(3) > 0 {
			object[name] = m.value(property, depth+1)
		}
	}
	if m.IntN(20) == 0 || len(s.Properties) == 0 {
		object[m.word()] = m.word()
	}
	return object
}

func (m *monkey) body(s shape) string {
	switch m.IntN(12) {
	case 0:
		return m.word()
	case 1:
		return strings.Repeat("[", 20_000)
	case 2:
		return "{"
	case 3:
		return `{"a":1} {"a":2}`
	}
	b, err := json.Marshal(m.value(s, 0))
	if err != nil {
		return "{"
	}
	return string(b)
}

// Whatever is asked, by whomever, is answered; what is wrong is said as a problem, and
// is never ours.
func TestNonsense(t *testing.T) {
	text, err := os.ReadFile("../../docs/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	w := apitest.Open(t)
	defer w.Close(t)
	seed := rand.Uint64()
	m := &monkey{Rand: rand.New(rand.NewPCG(seed, 0))}
	if err := json.Unmarshal(text, &m.spec); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		w.Must(t, 201, "POST", "/api/v1/torrents", torrents.NewTorrent{Magnet: apitest.Link(i + 1)}, nil)
	}
	asked := 0
	for path, methods := range m.spec.Paths {
		for method, op := range methods {
			if op.Responses["200"].Content["text/event-stream"] != nil {
				continue // it does not end; its parameters are those of list-changes
			}
			for range 25 {
				at, query := path, url.Values{}
				for _, p := range op.Parameters {
					v := fmt.Sprint(m.value(p.Schema, 0))
					switch {
					case p.Name == "identity" && m.IntN(2) == 0:
						at = strings.ReplaceAll(at, "{identity}", "me")
					case p.In == "path" && m.IntN(2) == 0:
						at = strings.ReplaceAll(at, "{"+p.Name+"}", fmt.Sprint(1+m.IntN(3)))
					case p.In == "path":
						at = strings.ReplaceAll(at, "{"+p.Name+"}", url.PathEscape(v))
					case m.IntN(2) == 0:
						query.Set(p.Name, v)
					}
				}
				if len(query) > 0 {
					at += "?" + query.Encode()
				}
				var body io.Reader
				kind := "application/json"
				for k, content := range op.RequestBody.Content {
					kind, body = k, strings.NewReader(m.body(content.Schema))
				}
				p := access.Owner(access.ByKey)
				if m.IntN(8) == 0 {
					p.Scopes = nil
				}
				headers := []string{"Content-Type: " + []string{kind, kind, kind, kind, "text/plain", "application/json+;", ""}[m.IntN(7)], "Accept: " + []string{"", "application/json", "image/png", "*/*;q=0"}[m.IntN(4)]}
				m.check(t, w.As(p, strings.ToUpper(method), at, body, headers...), op.OperationID+" "+at)
				asked++
			}
		}
	}
	for range 50 {
		r := httptest.NewRequest([]string{"GET", "POST", "TRACE", "OPTIONS", "PUT"}[m.IntN(5)], "/api/v1/"+url.PathEscape(m.word()), nil)
		rec := httptest.NewRecorder()
		w.ServeHTTP(rec, r)
		m.check(t, rec, r.Method+" "+r.URL.Path)
	}
	if t.Failed() {
		t.Logf("seed %d; the log: %.4000s", seed, w.Log.String())
	}
	if asked < 900 {
		t.Errorf("only %d were asked", asked)
	}
}

func (m *monkey) check(t *testing.T, rec *httptest.ResponseRecorder, what string) {
	t.Helper()
	if rec.Header().Get("X-Injected") != "" {
		t.Errorf("%.200q: a header was injected", what)
	}
	if rec.Code < 300 || rec.Code == http.StatusMovedPermanently || rec.Code == http.StatusTemporaryRedirect {
		return
	}
	var p struct {
		Type, Title string
		Status      int
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || !strings.HasPrefix(p.Type, problem.Prefix) || p.Status != rec.Code || p.Title == "" {
		t.Errorf("%.200q: %d is no problem: %.300s", what, rec.Code, rec.Body)
	}
	// A server elsewhere may fail, and there is none in this network.
	if rec.Code >= 500 && p.Type != problem.Prefix+"upstream" {
		t.Errorf("%.200q: %d: %.300s", what, rec.Code, rec.Body)
	}
}
