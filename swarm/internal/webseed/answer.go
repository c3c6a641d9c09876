package webseed

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// check reports whether an answer begins with the bytes of a file that were asked
// for: off ≤ byte < off+n of size.
func check(resp *http.Response, off, n, size int64, now time.Time) error {
	switch resp.StatusCode {
	case http.StatusOK: // the whole file, if that helps
		if off != 0 {
			return ErrRange
		}
		if resp.ContentLength >= 0 && resp.ContentLength != size {
			return ErrOther
		}
	case http.StatusPartialContent:
		first, last, total, ok := contentRange(resp.Header.Get("Content-Range"))
		switch {
		case !ok || first != off || last != off+n-1, resp.ContentLength >= 0 && resp.ContentLength != n:
			return ErrRange
		case total >= 0 && total != size:
			return ErrOther
		}
	default:
		return &StatusError{Code: resp.StatusCode, After: retryAfter(resp.Header.Get("Retry-After"), now)}
	}
	if e := resp.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return ErrRange
	}
	return nil
}

// contentRange reads the header of that name (RFC 9110). total is -1 if it is
// not told.
func contentRange(text string) (first, last, total int64, ok bool) {
	text, found := strings.CutPrefix(strings.TrimSpace(text), "bytes ")
	bounds, size, slash := strings.Cut(text, "/")
	a, b, dash := strings.Cut(bounds, "-")
	if !found || !slash || !dash {
		return 0, 0, 0, false
	}
	first, err1 := parseSize(a)
	last, err2 := parseSize(b)
	total = -1
	var err3 error
	if size != "*" {
		total, err3 = parseSize(size)
	}
	ok = err1 == nil && err2 == nil && err3 == nil && first <= last && (total < 0 || last < total)
	return first, last, total, ok
}

func parseSize(text string) (int64, error) {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 63)
	return int64(n), err
}
