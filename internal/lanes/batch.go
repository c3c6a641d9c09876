package lanes

import "slices"

// batchLen bounds the messages of a batch, so that it needs no memory but the
// stack.
const batchLen = 256

// batch hashes messages of any lengths: a lane whose message ends takes the
// next one.
type batch struct {
	group
	order [batchLen]uint8
}

// split sorts the messages by length, so that the last ones are short and the
// lanes end together, and tells which to hash one by one: those for which most
// lanes would stay empty, because there are few or because they are so much
// longer than the others.
func (b *batch) split(messages [][]byte, worth int) (alone, together []uint8) {
	total, equal := 0, true
	for i, m := range messages {
		b.order[i] = uint8(i)
		total += len(m)
		equal = equal && len(m) == len(messages[0])
	}
	order := b.order[:len(messages)]
	if !equal {
		slices.SortFunc(order, func(i, j uint8) int { return len(messages[j]) - len(messages[i]) })
	}
	n := 0
	if rest := len(order) % Width; equal && rest < worth {
		n = rest
		total -= rest * len(messages[0])
	}
	for n < len(order) && total+BlockLen*(len(order)-n) < worth*(len(messages[order[n]])+BlockLen) {
		total -= len(messages[order[n]])
		n++
	}
	return order[:n], order[n:]
}

// hash calls sum for each of the messages in order when its lane has it.
func (b *batch) hash(messages [][]byte, order []uint8, sum func(i uint8, lane int)) {
	var of [Width]uint8
	busy := 0
	for lane := 0; lane < Width && len(order) > 0; lane++ {
		of[lane], order = order[0], order[1:]
		b.start(lane, messages[of[lane]])
		busy |= 1 << lane
	}
	for busy != 0 {
		b.step()
		for lane := range Width {
			if busy>>lane&1 == 0 || len(b.ready(lane)) > 0 {
				continue
			}
			sum(of[lane], lane)
			if len(order) == 0 {
				busy &^= 1 << lane
				continue
			}
			of[lane], order = order[0], order[1:]
			b.start(lane, messages[of[lane]])
		}
	}
}

func (b *batch) start(lane int, m []byte) {
	whole := len(m) / BlockLen * BlockLen
	b.begin(lane)
	b.todo[lane] = m[:whole]
	b.end(lane, m[whole:], uint64(len(m)))
}
