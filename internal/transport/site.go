package transport

import (
	"io"
	"net/http"
)

const page = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Welcome</title></head>
<body>
<h1>It works</h1>
<p>This server is running. Nothing is published here.</p>
</body>
</html>
`

// DefaultSite is a website of one page that claims nothing untrue.
func DefaultSite() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, page) // the visitor may have gone
	})
	return mux
}
