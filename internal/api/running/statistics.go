package running

import (
	"context"
	"net/http"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/library/history"
)

// Statistics is what was received and sent in a span of time.
type Statistics struct {
	Span     string           `json:"span" enum:"hour,day,month,year,all" doc:"How far back it goes."`
	From     time.Time        `json:"from" doc:"When the first step begins that may be there."`
	Step     int              `json:"step" doc:"Seconds that each step lasts."`
	Received int64            `json:"received" doc:"Bytes of content in all of it."`
	Sent     int64            `json:"sent" doc:"Bytes of content in all of it."`
	Steps    []StatisticsStep `json:"steps" nullable:"false" doc:"The oldest first. The last goes on; where one is missing the node did not run."`
}

// StatisticsStep is what was received and sent in a step of it.
type StatisticsStep struct {
	At       time.Time `json:"at" doc:"When the step begins."`
	Received int64     `json:"received,omitempty" doc:"Bytes of content."`
	Sent     int64     `json:"sent,omitempty" doc:"Bytes of content."`
}

func (s Service) registerStatistics(r *operation.Registrar) {
	type asking struct {
		Span string `query:"span" default:"day" enum:"hour,day,month,year,all" doc:"How far back: an hour in steps of 10 seconds, a day in steps of 10 minutes, 31 days in hours, 366 days or all, which is two years, in days of UTC."`
	}
	type answer struct{ Body Statistics }
	operation.Register(r, operation.Op{
		ID: "get-statistics", Method: http.MethodGet, Path: "/statistics", Tag: tag, Scope: access.Read,
		Summary: "Show what was received and sent over time",
		Doc:     "Of all torrents, also those that are gone. The hour begins with the node; the rest outlasts it.",
	}, func(ctx context.Context, in *asking) (*answer, error) {
		out, err := s.statistics(ctx, history.Span(in.Span))
		return &answer{out}, err
	})
}

func (s Service) statistics(ctx context.Context, span history.Span) (Statistics, error) {
	now := s.Clock.Now()
	steps, err := s.Library.History().Of(ctx, span, now)
	if err != nil {
		return Statistics{}, err
	}
	each, _ := span.Steps()
	out := Statistics{Span: string(span), From: span.From(now), Step: int(each / time.Second), Steps: make([]StatisticsStep, len(steps))}
	for i, step := range steps {
		out.Steps[i] = StatisticsStep(step)
		out.Received += step.Received
		out.Sent += step.Sent
	}
	return out, nil
}
