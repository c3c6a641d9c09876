package config

import (
	"fmt"
	"time"

	"github.com/warren-p2p/warren/internal/timetable"
)

// Plan returns what the rules come to in a time zone; nil if none are kept.
func (s Schedule) Plan(zone *time.Location) (*timetable.Plan, error) {
	if !s.On || len(s.Rules) == 0 {
		return nil, nil
	}
	p, err := timetable.ParsePlan(s.Rules, zone)
	if err != nil {
		return nil, fmt.Errorf("schedule.rules: %w", err)
	}
	return p, nil
}
