//go:build linux

// Package hashing measures how fast torrents are made and verified, beside a
// raw hasher that reads and hashes with all processors and does nothing else.
package hashing

import "fmt"

// Segment is a run of bytes of one file.
type Segment struct {
	File   int // index
	Off, N int64
}

// Job is what is hashed in one go: a v1 piece or, where pieces are aligned to
// files, the bytes of one file in one piece.
type Job struct {
	Segments []Segment
	Pad      int64 // zeros hashed after them (SHA-1 only): the pad files of BEP 47
}

// Plan divides files of the given sizes. The v1 pieces of BEP 3 run across
// files; those of BEP 52 start anew with each file, and in a hybrid each file
// but the last is padded to whole pieces.
func Plan(kind string, sizes []int64, pieceLength int64) ([]Job, error) {
	if pieceLength <= 0 {
		return nil, fmt.Errorf("plan hashing: piece length %d", pieceLength)
	}
	switch kind {
	case "v1":
		return across(sizes, pieceLength), nil
	case "v2", "hybrid":
		return aligned(sizes, pieceLength, kind == "hybrid"), nil
	}
	return nil, fmt.Errorf("plan hashing: unknown kind %q", kind)
}

func across(sizes []int64, pieceLength int64) []Job {
	var jobs []Job
	var cur Job
	room := pieceLength
	for i, size := range sizes {
		for off := int64(0); off < size; {
			n := min(room, size-off)
			cur.Segments = append(cur.Segments, Segment{i, off, n})
			off += n
			if room -= n; room == 0 {
				jobs = append(jobs, cur)
				cur, room = Job{}, pieceLength
			}
		}
	}
	if len(cur.Segments) > 0 {
		jobs = append(jobs, cur)
	}
	return jobs
}

func aligned(sizes []int64, pieceLength int64, pad bool) []Job {
	var jobs []Job
	for i, size := range sizes {
		for off := int64(0); off < size; off += pieceLength {
			n := min(pieceLength, size-off)
			job := Job{Segments: []Segment{{i, off, n}}}
			if pad && i < len(sizes)-1 {
				job.Pad = pieceLength - n
			}
			jobs = append(jobs, job)
		}
	}
	return jobs
}
