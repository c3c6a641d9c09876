package cli_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// visit asks $PEER for a path as a browser would that does not mind certificates,
// and writes the status and the body to a file.
func visit(ts *testscript.TestScript, _ bool, args []string) {
	client := &http.Client{
		Timeout:   patience,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true},
	}
	var resp *http.Response
	var err error
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		if resp, err = client.Get("https://" + ts.Getenv("PEER") + args[0]); err == nil || time.Now().After(end) {
			break
		}
	}
	ts.Check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), fmt.Appendf(nil, "%d\n%s", resp.StatusCode, body), 0o600))
}
