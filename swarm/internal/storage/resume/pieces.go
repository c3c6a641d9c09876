package resume

import (
	"encoding/binary"
	"os"
)

const openFlags = os.O_RDWR

func (l *Log) record(k int) record { return l.records[k*recordSize:][:recordSize:recordSize] }

func at(piece int) (k, byteIndex int, bit byte) {
	return piece / recordBits, piece % recordBits / 8, 0x80 >> (piece % 8)
}

// Has reports whether a piece is written and not in doubt.
func (l *Log) Has(piece int) bool {
	k, i, bit := at(piece)
	l.locks[k].Lock()
	defer l.locks[k].Unlock()
	return l.record(k).written()[i]&bit != 0
}

// InDoubt reports whether a piece must be read again before it is trusted.
func (l *Log) InDoubt(piece int) bool {
	k, i, bit := at(piece)
	l.locks[k].Lock()
	defer l.locks[k].Unlock()
	return l.record(k).doubt()[i]&bit != 0
}

// AppendHave appends the trusted pieces as a bitfield (BEP 3).
func (l *Log) AppendHave(dst []byte) []byte { return l.appendPlane(dst, record.written) }

// Full reports whether all pieces are trusted.
func (l *Log) Full() bool {
	for k := range l.locks {
		l.locks[k].Lock()
		full := binary.BigEndian.Uint64(l.record(k).written()) == maskOf(l.cfg.Pieces, k)
		l.locks[k].Unlock()
		if !full {
			return false
		}
	}
	return true
}

// AppendDoubt appends the pieces in doubt as a bitfield.
func (l *Log) AppendDoubt(dst []byte) []byte { return l.appendPlane(dst, record.doubt) }

func (l *Log) appendPlane(dst []byte, plane func(record) []byte) []byte {
	size := len(dst) + (l.cfg.Pieces+7)/8
	for k := range l.locks {
		l.locks[k].Lock()
		dst = append(dst, plane(l.record(k))...)
		l.locks[k].Unlock()
	}
	return dst[:size]
}

// Doubt puts the pieces first to end-1 in doubt, in memory: Save or the next
// change of a neighbour makes it last.
func (l *Log) Doubt(first, end int) {
	for p := first; p < end; p++ {
		k, i, bit := at(p)
		l.locks[k].Lock()
		r := l.record(k)
		r.written()[i] &^= bit
		r.synced()[i] &^= bit
		r.doubt()[i] |= bit
		r.seal(l.seed, k)
		l.locks[k].Unlock()
	}
}

// Suspect records a piece whose bytes were just written and not verified: it
// is in doubt. When it fails nothing has changed.
func (l *Log) Suspect(piece int) error {
	_, i, bit := at(piece)
	return l.change(piece, func(r record, _ []byte) {
		if r.written()[i]&bit == 0 {
			r.doubt()[i] |= bit
		}
	})
}

// Mark records a piece whose bytes were just written or just verified. It
// reports whether the piece was missing or in doubt before. When it fails
// nothing has changed.
func (l *Log) Mark(piece int) (added bool, err error) {
	_, i, bit := at(piece)
	err = l.change(piece, func(r record, _ []byte) {
		added = r.written()[i]&bit == 0
		r.written()[i] |= bit
		r.doubt()[i] &^= bit
	})
	return added && err == nil, err
}

// Clear records that a piece is missing. It reports whether it was trusted
// before. The piece is cleared in memory even when it returns an error.
func (l *Log) Clear(piece int) (removed bool, err error) {
	k, i, bit := at(piece)
	drop := func(r record, pending []byte) {
		removed = removed || r.written()[i]&bit != 0
		r.written()[i] &^= bit
		r.synced()[i] &^= bit
		r.doubt()[i] &^= bit
		pending[i] &^= bit
	}
	if err = l.change(piece, drop); err != nil {
		l.locks[k].Lock()
		defer l.locks[k].Unlock()
		drop(l.record(k), l.pendingOf(k))
		l.record(k).seal(l.seed, k)
	}
	return removed, err
}

func (l *Log) pendingOf(k int) []byte { return l.pending[k*planeSize:][:planeSize] }

// change edits the record of a piece and writes it to the file; if that fails
// the record in memory stays as it was.
func (l *Log) change(piece int, edit func(r record, pending []byte)) error {
	k := piece / recordBits
	if err := l.begun(); err != nil {
		return err
	}
	defer l.mu.RUnlock()
	l.locks[k].Lock()
	defer l.locks[k].Unlock()
	r := l.record(k)
	before := [recordSize]byte(r)
	pending := binary.BigEndian.Uint64(l.pendingOf(k))
	edit(r, l.pendingOf(k))
	if [recordSize]byte(r) == before {
		return nil
	}
	if err := l.write(k); err != nil {
		copy(r, before[:])
		binary.BigEndian.PutUint64(l.pendingOf(k), pending)
		return err
	}
	return nil
}

func (l *Log) write(k int) error {
	r := l.record(k)
	r.seal(l.seed, k)
	_, err := l.f.WriteAt(r, headerSize+int64(k)*recordSize)
	return err
}

// Snapshot remembers the pieces that are written but not synced. Sync their
// content, then call Promote.
func (l *Log) Snapshot() {
	for k := range l.locks {
		l.locks[k].Lock()
		r, pending := l.record(k), l.pendingOf(k)
		for i := range pending {
			pending[i] = r.written()[i] &^ r.synced()[i]
		}
		l.locks[k].Unlock()
	}
}

// Unsynced reports whether a piece is written but not known to be on the
// volume.
func (l *Log) Unsynced(piece int) bool {
	k, i, bit := at(piece)
	l.locks[k].Lock()
	defer l.locks[k].Unlock()
	r := l.record(k)
	return r.written()[i]&^r.synced()[i]&bit != 0
}

// Promote records that the pieces of the last Snapshot are on the volume, and
// returns once that is durable itself.
func (l *Log) Promote() error {
	if err := l.begun(); err != nil {
		return err
	}
	defer l.mu.RUnlock()
	changed := false
	for k := range l.locks {
		c, err := l.promote(k)
		if err != nil {
			return err
		}
		changed = changed || c
	}
	if !changed {
		return nil
	}
	return l.f.Sync()
}

func (l *Log) promote(k int) (changed bool, err error) {
	l.locks[k].Lock()
	defer l.locks[k].Unlock()
	r, pending := l.record(k), l.pendingOf(k)
	if binary.BigEndian.Uint64(pending) == 0 {
		return false, nil
	}
	before := [recordSize]byte(r)
	for i := range pending {
		r.synced()[i] |= pending[i] & r.written()[i]
	}
	clear(pending)
	if err := l.write(k); err != nil {
		copy(r, before[:])
		return false, err
	}
	return true, nil
}

// Flush makes the records durable. Cleared pieces come back after a crash
// unless it was called.
func (l *Log) Flush() error {
	if err := l.begun(); err != nil {
		return err
	}
	defer l.mu.RUnlock()
	return l.f.Sync()
}
