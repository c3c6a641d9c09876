package form

import (
	"math"
	"strings"
)

// Add says what is to be added, and how.
type Add struct {
	URLs     []string // magnet links, and addresses of torrent files
	Files    []File
	SavePath string // "" for that of the category, or the default
	Category string
	Tags     []string
	Name     string // "" for the torrent's own
	Layout   Layout
	Limits   Limits

	Paused                           *bool // nil for the default
	Sequential, FirstLast, Top, Auto bool
	UpLimit, DownLimit               int64 // bytes a second, 0 for none
}

// Layout says in which folder the content lies.
type Layout string

// The layouts.
const (
	Original    Layout = "Original"
	Subfolder   Layout = "Subfolder"   // in one of the torrent's name, always
	NoSubfolder Layout = "NoSubfolder" // in none
)

// Limits say when a torrent has given enough. -2 stands for what holds for all,
// -1 for no limit.
type Limits struct {
	Ratio    float64
	SeedTime int64 // minutes
	IdleTime int64 // minutes
}

// Global is what a torrent has that says nothing of its own.
const Global = -2

// Add returns what a request to add torrents asks for.
func (f *Form) Add() Add {
	a := Add{
		URLs: f.List("urls", "\n"), Files: f.Files, SavePath: strings.TrimSpace(f.Text("savepath")),
		Category: f.Text("category"), Tags: f.List("tags", ","), Name: strings.TrimSpace(f.Text("rename")),
		Sequential: f.Bool("sequentialDownload"), FirstLast: f.Bool("firstLastPiecePrio"),
		Top: f.Bool("addToTopOfQueue"), Auto: f.Bool("autoTMM"),
		UpLimit: max(f.Int("upLimit", 0), 0), DownLimit: max(f.Int("dlLimit", 0), 0),
		Layout: f.layout(), Limits: f.Limits(),
	}
	for _, name := range []string{"stopped", "paused"} { // what newer programs call it counts
		if on, ok := f.Choice(name); ok {
			a.Paused = &on
			break
		}
	}
	return a
}

// layout returns the layout; before 4.3.2 there was a choice of two.
func (f *Form) layout() Layout {
	switch l := Layout(f.Text("contentLayout")); l {
	case Subfolder, NoSubfolder:
		return l
	case Original:
		return Original
	}
	switch root, ok := f.Choice("root_folder"); {
	case ok && root:
		return Subfolder
	case ok:
		return NoSubfolder
	}
	return Original
}

// Limits returns the limits of sharing in a request.
func (f *Form) Limits() Limits {
	return Limits{
		Ratio:    limit(f.Float("ratioLimit", Global)),
		SeedTime: int64(limit(float64(f.Int("seedingTimeLimit", Global)))),
		IdleTime: int64(limit(float64(f.Int("inactiveSeedingTimeLimit", Global)))),
	}
}

// limit keeps a limit among those there are.
func limit(v float64) float64 {
	switch {
	case v >= 0:
		return min(v, math.MaxInt32)
	case v == Global:
		return Global
	}
	return -1
}
