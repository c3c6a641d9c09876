package console

import (
	"context"
	"errors"
	"testing"
)

// A question ends with the command, answered or not.
func TestAwait(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	never := make(chan struct{})
	t.Cleanup(func() { close(never) })
	stop()
	if text, err := await(ctx, func() (string, error) { <-never; return "y", nil }); !errors.Is(err, ErrInterrupted) || text != "" {
		t.Errorf("interrupted: %q, %v", text, err)
	}
	if text, err := await(t.Context(), func() (string, error) { return " yes\r\n", nil }); err != nil || text != "yes" {
		t.Errorf("answered: %q, %v", text, err)
	}
}
