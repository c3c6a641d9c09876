package blocklist

import (
	"context"
	"time"
)

// Renew has all sources read soon, also those that are not due. It does not wait.
func (b *Blocklist) Renew() {
	b.every.Store(true)
	b.stir()
}

// stir has run look again.
func (b *Blocklist) stir() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *Blocklist) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.wake:
		case <-timer.C:
		}
		b.round(ctx)
		timer.Reset(look)
	}
}

// round reads what is due, until others need the sources.
func (b *Blocklist) round(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	b.mu.Lock()
	b.reading = cancel
	b.mu.Unlock()
	b.busy.Lock()
	defer b.busy.Unlock()
	if b.every.Swap(false) {
		for _, s := range b.sources {
			s.due = time.Time{}
		}
	}
	if b.read(ctx) {
		b.told()
	}
}
