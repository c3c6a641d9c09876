package audit

import "context"

// Note is what the handler of a request says about it, for the entry that is kept
// once it is answered.
type Note struct {
	What, Target, Failure string
}

type key struct{}

// WithNote returns a context in which a handler can say what it does.
func WithNote(ctx context.Context, n *Note) context.Context { return context.WithValue(ctx, key{}, n) }

// Say sets what a request does, and to what; without it a request that changes nothing
// leaves no entry. It is called by the goroutine that answers the request.
func Say(ctx context.Context, what, target string) {
	if n, ok := ctx.Value(key{}).(*Note); ok {
		n.What, n.Target = what, target
	}
}

// Fail sets why a request failed.
func Fail(ctx context.Context, why string) {
	if n, ok := ctx.Value(key{}).(*Note); ok {
		n.Failure = why
	}
}
