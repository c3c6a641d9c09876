package reachability

import "testing"

func TestBest(t *testing.T) {
	for _, c := range []struct {
		v4, v6 State
		want   Cause
	}{
		{Unknown, Unknown, Refused}, {Probably, Yes, Connected}, {Yes, Probably, Refused}, {Unproven, Probably, Connected},
	} {
		r := Report{IPv4: Family{State: c.v4, Cause: Refused}, IPv6: Family{State: c.v6, Cause: Connected}}
		if got := r.Best(); got.Cause != c.want {
			t.Errorf("best of %v and %v is %v", c.v4, c.v6, got)
		}
	}
}

// Programs read these words: they stay as they are.
func TestWords(t *testing.T) {
	for state, want := range map[State]string{Unknown: "unknown", Unproven: "unproven", Probably: "probably", Yes: "yes"} {
		if state.String() != want {
			t.Errorf("%d is %v", state, state)
		}
	}
	for cause, want := range map[Cause]string{Asking: "asking", Refused: "refused", Carrier: "carrier", TwoRouters: "two-routers"} {
		if cause.String() != want {
			t.Errorf("%d is %v", cause, cause)
		}
	}
}
