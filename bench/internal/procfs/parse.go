package procfs

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of processor time in /proc: USER_HZ is 100 on every Linux
// port that Go supports.
const tick = time.Second / 100

// ErrFormat reports text that is not what proc(5) describes.
var ErrFormat = errors.New("unexpected format")

// Stat is the part of /proc/PID/stat that is used here.
type Stat struct {
	State byte          // proc(5): R, S, D, Z, …
	CPU   time.Duration // user and system, all threads, without children
}

// Memory is the part of /proc/PID/status that is used here, in bytes.
type Memory struct {
	PeakRSS int64 // VmHWM: with file pages that other processes share
	RSS     int64 // VmRSS: the same at this moment
	Private int64 // RssAnon: memory nobody else has
}

// Machine is what a figure depends on.
type Machine struct {
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Memory int64  `json:"memory_bytes"`
	Kernel string `json:"kernel"`
}

// ParseStat parses /proc/PID/stat. The command name may hold spaces and
// parentheses, so fields are counted from the last closing one.
func ParseStat(b []byte) (Stat, error) {
	_, rest, ok := cutLast(b, ')')
	f := strings.Fields(string(rest))
	if !ok || len(f) < 13 || len(f[0]) != 1 {
		return Stat{}, fmt.Errorf("parse stat: %w", ErrFormat)
	}
	user, err1 := strconv.ParseInt(f[11], 10, 64)
	sys, err2 := strconv.ParseInt(f[12], 10, 64)
	if err := errors.Join(err1, err2); err != nil {
		return Stat{}, fmt.Errorf("parse stat: %w: %w", ErrFormat, err)
	}
	return Stat{State: f[0][0], CPU: time.Duration(user+sys) * tick}, nil
}

// ParseStatus parses /proc/PID/status. A process that has ended has no memory
// lines; its figures are zero.
func ParseStatus(b []byte) (Memory, error) {
	if !bytes.HasPrefix(b, []byte("Name:")) {
		return Memory{}, fmt.Errorf("parse status: %w", ErrFormat)
	}
	if !bytes.Contains(b, []byte("VmHWM:")) {
		return Memory{}, nil
	}
	peak, err1 := field(b, "VmHWM:")
	private, err2 := field(b, "RssAnon:")
	rss, err3 := field(b, "VmRSS:")
	return Memory{PeakRSS: peak, RSS: rss, Private: private}, errors.Join(err1, err2, err3)
}

// ParseNetDev returns the received bytes of one interface in /proc/net/dev.
func ParseNetDev(b []byte, ifname string) (int64, error) {
	for line := range strings.Lines(string(b)) {
		name, counters, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || name != ifname {
			continue
		}
		if f := strings.Fields(counters); len(f) > 0 {
			return strconv.ParseInt(f[0], 10, 64)
		}
	}
	return 0, fmt.Errorf("parse net/dev: no interface %q: %w", ifname, ErrFormat)
}

// ParseBusy adds up the first line of /proc/stat without idle and iowait.
// Time of guests is already part of user time.
func ParseBusy(b []byte) (time.Duration, error) {
	line, _, _ := strings.Cut(string(b), "\n")
	f := strings.Fields(line)
	if len(f) < 9 || f[0] != "cpu" {
		return 0, fmt.Errorf("parse /proc/stat: %w", ErrFormat)
	}
	var sum int64
	for i, s := range f[1:9] {
		v, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("parse /proc/stat: %w: %w", ErrFormat, err)
		}
		if idle, iowait := i == 3, i == 4; !idle && !iowait {
			sum += v
		}
	}
	return time.Duration(sum) * tick, nil
}

// ParseMachine combines cpuinfo, meminfo and the kernel's release.
func ParseMachine(cpuinfo, meminfo, osrelease []byte) (Machine, error) {
	m := Machine{CPU: "unknown processor", Kernel: strings.TrimSpace(string(osrelease))}
	for line := range strings.Lines(string(cpuinfo)) {
		key, value, _ := strings.Cut(line, ":")
		switch strings.TrimSpace(key) {
		case "processor":
			m.Cores++
		case "model name":
			m.CPU = strings.TrimSpace(value)
		}
	}
	var err error
	m.Memory, err = field(meminfo, "MemTotal:")
	return m, err
}

// field finds "Key:  123 kB" and returns bytes.
func field(b []byte, key string) (int64, error) {
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) != 3 || f[0] != key || f[2] != "kB" {
			continue
		}
		v, err := strconv.ParseInt(f[1], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("parse %s %w: %w", key, ErrFormat, err)
		}
		return v << 10, nil
	}
	return 0, fmt.Errorf("parse: no line %s %w", key, ErrFormat)
}

func cutLast(b []byte, sep byte) (before, after []byte, ok bool) {
	if i := bytes.LastIndexByte(b, sep); i >= 0 {
		return b[:i], b[i+1:], true
	}
	return b, nil, false
}
