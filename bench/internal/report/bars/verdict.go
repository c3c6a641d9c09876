package bars

import (
	"fmt"

	"github.com/warren-p2p/warren/bench/internal/report/figure"
)

// Bar is a promise: a figure, or the ratio of two figures of one run, against
// a bound.
type Bar struct {
	Name   string
	Num    figure.Selector
	Den    *figure.Selector // nil: Num itself is compared
	AtMost bool             // else at least
	Bound  float64
}

// Formula spells out what is computed.
func (b Bar) Formula() string {
	s := b.Num.Metric.String() + ": " + b.Num.String()
	if b.Den != nil {
		s += " / " + b.Den.String()
	}
	return s
}

// Limit spells out the bound.
func (b Bar) Limit() string {
	if b.AtMost {
		return fmt.Sprintf("≤ %g", b.Bound)
	}
	return fmt.Sprintf("≥ %g", b.Bound)
}

// Verdict is a bar held against results.
type Verdict struct {
	Bar
	Value float64
	State State
}

// State is the outcome of a bar.
type State string

// The outcomes. Figures of two runs, or of less content than the bars speak
// of, have a ratio but prove nothing.
const (
	Pass        State = "pass"
	Fail        State = "FAIL"
	NotMeasured State = "not measured"
	TwoRuns     State = "two runs"
	TooSmall    State = "too small"
)

// Judge holds every bar against what find looks up.
func Judge(bars []Bar, find func(figure.Selector) figure.Reading) []Verdict {
	out := make([]Verdict, len(bars))
	for i, b := range bars {
		out[i] = b.judge(find)
	}
	return out
}

// judge lets nothing pass that failed in any repetition.
func (b Bar) judge(find func(figure.Selector) figure.Reading) Verdict {
	v := Verdict{Bar: b, State: NotMeasured}
	num := find(b.Num)
	if num.Failed {
		v.State = Fail
	}
	if !num.Found {
		return v
	}
	v.Value = num.Value
	small := num.Small
	if b.Den != nil {
		den := find(*b.Den)
		if !den.Found || den.Value == 0 {
			v.Value = 0
			return v
		}
		v.Value /= den.Value
		small = small || den.Small
		if den.Run != num.Run && !num.Failed {
			v.State = TwoRuns
			return v
		}
	}
	if small && !num.Failed {
		v.State = TooSmall
		return v
	}
	reached := v.Value >= b.Bound
	if b.AtMost {
		reached = v.Value <= b.Bound
	}
	v.State = Fail
	if reached && !num.Failed {
		v.State = Pass
	}
	return v
}
