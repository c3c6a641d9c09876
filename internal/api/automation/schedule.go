package automation

import (
	"context"
	"net/http"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/operation"
	"github.com/warren-p2p/warren/internal/timetable"
)

// SpeedLimits are how fast all torrents together may be.
type SpeedLimits struct {
	Up   int64 `json:"up" doc:"Bytes a second that are sent, 0 for no limit."`
	Down int64 `json:"down" doc:"Bytes a second that are received, 0 for no limit."`
}

// Schedule is which limits hold, and which would at other times.
type Schedule struct {
	On          bool        `json:"on" doc:"Whether rules are kept: schedule.on."`
	Rules       []string    `json:"rules" nullable:"false" doc:"What holds when, as in schedule.rules; the last one that names a limit decides on it."`
	Limits      SpeedLimits `json:"limits" doc:"What holds now."`
	Paused      bool        `json:"paused" doc:"Whether the schedule has stopped everything."`
	IsOther     bool        `json:"is_alternative" doc:"Whether the limits that hold now are the alternative ones."`
	ByHand      bool        `json:"by_hand" doc:"Whether that was said by hand, against the rules."`
	Until       time.Time   `json:"until,omitzero" doc:"When something else holds; left out if that never happens by itself."`
	Usual       SpeedLimits `json:"usual" doc:"What holds when no rule says anything: limits.up and limits.down."`
	Alternative SpeedLimits `json:"alternative" doc:"The other limits: limits.alternative.up and limits.alternative.down."`
}

// Switch turns the alternative limits on or off.
type Switch struct {
	On bool `json:"on" doc:"Whether they hold."`
}

type scheduleAnswer struct{ Body Schedule }

func (s Service) registerSchedule(r *operation.Registrar) {
	operation.Register(r, operation.Op{
		ID: "get-schedule", Method: http.MethodGet, Path: "/schedule", Tag: tag, Scope: access.Read, Summary: "Show which limits hold now, and until when",
		Doc: "Rules and limits are settings: change-settings changes them, under the names that are given here.",
	}, func(context.Context, *operation.Empty) (*scheduleAnswer, error) {
		return &scheduleAnswer{s.Schedule()}, nil
	})
	type switching struct{ Body Switch }
	operation.Register(r, operation.Op{
		ID: "switch-alternative", Method: http.MethodPut, Path: "/schedule/alternative", Tag: tag, Scope: access.Settings, Summary: "Let the alternative limits hold, or not",
		Doc: "That counts until the schedule changes between the alternative limits and others, and outlives a restart.",
	}, func(ctx context.Context, in *switching) (*scheduleAnswer, error) {
		if err := s.Timetable.SetAlternative(ctx, in.Body.On); err != nil {
			return nil, err
		}
		return &scheduleAnswer{s.Schedule()}, nil
	})
}

// Schedule returns which limits hold.
func (s Service) Schedule() Schedule {
	c, now := s.Node.Settings().Schedule, s.Timetable.Now()
	usual, other := s.Timetable.Limits()
	out := Schedule{
		On: c.On, Rules: append([]string{}, c.Rules...), Limits: limitsOf(now.Limits), Paused: now.Pause, IsOther: now.Alternative,
		ByHand: s.Timetable.ByHand(), Usual: limitsOf(usual), Alternative: limitsOf(other),
	}
	if until := s.Timetable.Until(); !until.IsZero() {
		out.Until = until.UTC()
	}
	return out
}

func limitsOf(l timetable.Limits) SpeedLimits { return SpeedLimits{l.Up, l.Down} }
