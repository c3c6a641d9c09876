package procfs

import (
	"errors"
	"os"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	tests := []struct {
		name, in string
		want     Stat
		err      error
	}{
		{"plain", "7 (aria2c) S 1 7 7 0 -1 4194560 1 0 0 0 123 45 9 9 20 0 1", Stat{'S', 1680 * time.Millisecond}, nil},
		{"name with parenthesis", "7 (a b) c) Z 1 7 7 0 -1 4194560 1 0 0 0 100 0 0 0 20 0", Stat{'Z', time.Second}, nil},
		{"short", "7 (a) S 1 2 3", Stat{}, ErrFormat},
		{"not a number", "7 (a) S 1 7 7 0 -1 4194560 1 0 0 0 x 0 0 0", Stat{}, ErrFormat},
		{"empty", "", Stat{}, ErrFormat},
	}
	for _, tt := range tests {
		got, err := ParseStat([]byte(tt.in))
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: got %+v, %v; want %+v, %v", tt.name, got, err, tt.want, tt.err)
		}
	}
}

func TestParseStatus(t *testing.T) {
	got, err := ParseStatus([]byte("Name:\twarren\nVmPeak:\t 9 kB\nVmHWM:\t  2048 kB\nVmRSS:\t 1024 kB\nRssAnon:\t     100 kB\n"))
	if want := (Memory{PeakRSS: 2 << 20, RSS: 1 << 20, Private: 100 << 10}); got != want || err != nil {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	if got, err := ParseStatus([]byte("Name:\twarren\nState:\tZ (zombie)\n")); got != (Memory{}) || err != nil {
		t.Errorf("ended process: got %+v, %v", got, err)
	}
	for _, bad := range []string{"", "hello", "Name:\tx\nVmHWM:\t 5 kB\n", "Name:\tx\nVmHWM:\t z kB\nRssAnon:\t 1 kB\n"} {
		if _, err := ParseStatus([]byte(bad)); !errors.Is(err, ErrFormat) {
			t.Errorf("%q: got error %v, want ErrFormat", bad, err)
		}
	}
}

func TestParseNetDev(t *testing.T) {
	in := []byte("Inter-|   Receive   |  Transmit\n face |bytes packets\n    lo: 10 1 0 0\n    vl:2000001 3 0 0 0 0 0 0 77 1\n")
	if n, err := ParseNetDev(in, "vl"); n != 2000001 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
	if _, err := ParseNetDev(in, "v"); !errors.Is(err, ErrFormat) {
		t.Errorf("missing interface: got %v", err)
	}
}

func TestParseBusy(t *testing.T) {
	got, err := ParseBusy([]byte("cpu  100 10 20 1000 500 1 2 3 50 0\ncpu0 1 1 1\n"))
	if want := 1360 * time.Millisecond; got != want || err != nil {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	for _, bad := range []string{"", "cpu 1 2", "intr 1 2 3 4 5 6 7 8", "cpu 1 2 3 4 5 6 7 x"} {
		if _, err := ParseBusy([]byte(bad)); !errors.Is(err, ErrFormat) {
			t.Errorf("%q: got %v, want ErrFormat", bad, err)
		}
	}
}

func TestParseMachine(t *testing.T) {
	got, err := ParseMachine([]byte("processor\t: 0\nmodel name\t: Fast One\n\nprocessor\t: 1\nmodel name\t: Fast One\n"), []byte("MemTotal:  2048 kB\n"), []byte("6.18.1\n"))
	if want := (Machine{"Fast One", 2, 2 << 20, "6.18.1"}); got != want || err != nil {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

// The real /proc has the format the parsers expect.
func TestOwnProcess(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		return // another operating system has nothing to compare with
	}
	f, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	pid := os.Getpid()
	if s, err := f.Stat(pid); err != nil || s.State == 'Z' {
		t.Errorf("stat: %+v, %v", s, err)
	}
	if m, err := f.Memory(pid); err != nil || m.PeakRSS < m.Private || m.Private <= 0 {
		t.Errorf("memory: %+v, %v", m, err)
	}
	if _, err := f.Received(pid, "lo"); err != nil {
		t.Errorf("received: %v", err)
	}
	if m, err := f.Machine(); err != nil || m.Cores < 1 || m.Kernel == "" || m.Memory <= 0 {
		t.Errorf("machine: %+v, %v", m, err)
	}
	if a, err := f.Available(); err != nil || a <= 0 {
		t.Errorf("available: %d, %v", a, err)
	}
	a, err1 := f.Busy()
	b, err2 := f.Busy()
	if err := errors.Join(err1, err2); err != nil || b < a {
		t.Errorf("busy: %v then %v, %v", a, b, err)
	}
}
