package pulse

import (
	"errors"
	"testing"
	"time"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		read, write, writing, landing int // seconds
		sign                          bool
		err                           error
	}{
		{0, 0, 0, 0, false, nil},
		{149, 99, 24, 59, false, nil},
		{150, 100, 25, 60, false, nil},
		{0, 101, 0, 0, true, nil},
		{140, 101, 20, 50, true, nil},
		{151, 0, 0, 0, false, ErrSilent},
		{151, 101, 0, 0, false, ErrSilent},
		{0, 101, 26, 0, false, ErrStuck},
		{0, 0, 0, 61, false, ErrDrip},
		{151, 101, 61, 61, false, ErrStuck},
	} {
		seconds := func(n int) time.Duration { return time.Duration(n) * time.Second }
		sign, err := Check(Signs{Read: seconds(c.read), Write: seconds(c.write), Writing: seconds(c.writing), Landing: seconds(c.landing)})
		if sign != c.sign || !errors.Is(err, c.err) {
			t.Errorf("%+v: %t, %v", c, sign, err)
		}
	}
}

// Of one look a second one hits.
func TestAfterthought(t *testing.T) {
	for offset := range 10 {
		n := 0
		for s := range 100 {
			if Afterthought(time.Duration(s)*time.Second + time.Duration(offset)*100*time.Millisecond) {
				n++
			}
		}
		if n != 1 || Afterthought(0) {
			t.Errorf("%d signs", n)
		}
	}
}

func TestMute(t *testing.T) {
	for _, c := range []struct {
		in      int64
		seconds int
		want    bool
	}{{0, 25, false}, {0, 26, true}, {1, 100, false}} {
		if got := Mute(Signs{In: c.in}, time.Duration(c.seconds)*time.Second); got != c.want {
			t.Errorf("%+v: %t", c, got)
		}
	}
}

// second is what a peer does in a second.
type second struct {
	idle, held     bool // nothing is asked for; a limit of ours holds us
	writing        bool // what we send does not get on
	bytes, content int64
	landing        bool
}

// Requests wait in vain for 25 seconds, whatever lies between; anything of a block
// that comes begins anew.
func TestVain(t *testing.T) {
	for name, c := range map[string]struct {
		does func(i int) second
		want int // the second in which it is enough; 0 for never
	}{
		"nothing":             {func(int) second { return second{} }, 25},
		"talks":               {func(int) second { return second{bytes: 5} }, 25},
		"chokes now and then": {func(i int) second { return second{idle: i%10 >= 8} }, 31},
		"is not asked":        {func(int) second { return second{idle: true} }, 0},
		"is not read":         {func(int) second { return second{held: true} }, 0},
		"is not asked yet":    {func(int) second { return second{writing: true} }, 0},
		"a block every 24 s":  {func(i int) second { return second{content: int64(1 - min(i%24, 1))} }, 0},
		"a crawl":             {func(i int) second { return second{landing: true, bytes: int64(1 - min(i%20, 1))} }, 0},
		"half a block":        {func(i int) second { return second{landing: true, bytes: int64(max(10-i, 0))} }, 34},
	} {
		var v Vain
		var s Signs
		now, received, got := time.Unix(0, 0), int64(0), 0
		v.Tick(now, s, received, false)
		for i := 1; i <= 300 && got == 0; i++ {
			does := c.does(i)
			now = now.Add(time.Second)
			s.In += does.bytes
			received += does.content
			s.Read, s.Landing, s.Writing = 0, 0, 0
			if does.writing {
				s.Writing = 5 * time.Second
			}
			if does.held {
				s.Read = -1
			}
			if does.landing {
				s.Landing = 1
			}
			if v.Tick(now, s, received, !does.idle) {
				got = i
			}
		}
		if got != c.want {
			t.Errorf("%s: enough after %d s, want %d", name, got, c.want)
		}
	}
}

// A machine that has slept has not waited.
func TestVainAfterSleep(t *testing.T) {
	var v Vain
	now := time.Unix(0, 0)
	for range 5 {
		if v.Tick(now, Signs{}, 0, true) {
			t.Fatal("too long")
		}
		now = now.Add(time.Hour)
	}
}

// Each direction is measured for itself.
func TestRates(t *testing.T) {
	var r Rates
	for i := range int64(5) {
		r.Tick(100*i, 7*i)
	}
	if down, up := r.Recent(); down != 100 || up != 7 {
		t.Errorf("%d down, %d up", down, up)
	}
}
