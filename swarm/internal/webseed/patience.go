package webseed

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/netpolicy"
)

// Errors of servers.
var (
	ErrRange = errors.New("server does not send the bytes that were asked for")
	ErrOther = errors.New("server has another file under that name")
	ErrSlow  = errors.New("server is too slow")
)

// StatusError is an answer other than the content.
type StatusError struct {
	Code  int
	After time.Duration // as Retry-After says, 0 if it does not
}

func (e *StatusError) Error() string { return fmt.Sprintf("server answers with status %d", e.Code) }

// verdict is what follows from an error.
type verdict uint8

const (
	later  verdict = iota // the server is asked again after a time
	noFile                // it does not have that file
	never                 // it is not asked any more
)

// judge says what follows from an error.
func judge(err error) verdict {
	status := new(StatusError)
	switch {
	case errors.Is(err, netpolicy.ErrNotPublic), errors.Is(err, ErrURL):
		return never
	case errors.Is(err, ErrRange), errors.Is(err, ErrOther):
		return noFile
	case errors.As(err, &status) && status.Code/100 == 4 &&
		status.Code != http.StatusRequestTimeout && status.Code != http.StatusTooManyRequests && status.Code != http.StatusTooEarly:
		return noFile
	}
	return later
}

// Bounds on how long a server is left alone that fails.
const (
	firstWait = 5 * time.Second
	slowWait  = time.Minute // at least, of one that was given time and gave nothing
	maxWait   = time.Hour
)

// patience is how long to wait after failures that follow each other.
type patience struct{ failures int }

// wait returns how long to leave the server alone after an error; it may say
// itself. Jitter keeps clients apart that failed together.
func (p *patience) wait(err error, rng *rand.Rand) time.Duration {
	d := min(firstWait<<min(p.failures, 12), maxWait)
	p.failures++
	if errors.Is(err, ErrSlow) {
		d = max(d, slowWait)
	}
	d += time.Duration(rng.Int64N(int64(d)/4 + 1))
	if status := new(StatusError); errors.As(err, &status) && status.After > 0 {
		d = status.After
	}
	return min(d, maxWait)
}

// retryAfter reads the header of that name: seconds or a date (RFC 9110).
func retryAfter(text string, now time.Time) time.Duration {
	text = strings.TrimSpace(text)
	if n, err := strconv.ParseUint(text, 10, 32); err == nil {
		return min(time.Duration(n)*time.Second, maxWait)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(at.Sub(now), 0), maxWait)
	}
	return 0
}
