import test from 'node:test'
import assert from 'node:assert/strict'
import { moved, nothing, only, ranged, span, still, toggled, without } from './selection.ts'

test('one, one more, one less', () => {
  const one = only(3, 30)
  assert.deepEqual([...one.ids], [30])
  const two = toggled(one, 5, 50)
  assert.deepEqual([[...two.ids], two.at, two.anchor], [[30, 50], 5, 5])
  assert.deepEqual([...toggled(two, 3, 30).ids], [50])
  assert.deepEqual([...one.ids], [30], 'what was is not changed')
})

test('a range counts from its anchor, both ways, and again', () => {
  const one = only(3, 30)
  assert.deepEqual(span(one, 6), [3, 6])
  assert.deepEqual(span(one, 1), [1, 3])
  const down = ranged(one, 5, [30, 40, 50])
  assert.deepEqual([down.at, down.anchor, [...down.ids]], [5, 3, [30, 40, 50]])
  assert.deepEqual(span(down, 1), [1, 3])
  assert.deepEqual(span(nothing, 4), [4, 4])
  assert.deepEqual([...ranged(only(9, 90), 10, [90, 100], true).ids], [90, 100])
})

test('keys stay in the list', () => {
  assert.equal(moved(-1, 'ArrowDown', 10, 5), 0)
  assert.equal(moved(9, 'ArrowDown', 10, 5), 9)
  assert.equal(moved(0, 'ArrowUp', 10, 5), 0)
  assert.equal(moved(-1, 'ArrowUp', 10, 5), 0)
  assert.equal(moved(2, 'PageDown', 10, 5), 7)
  assert.equal(moved(2, 'PageUp', 10, 5), 0)
  assert.equal(moved(2, 'End', 10, 5), 9)
  assert.equal(moved(2, 'Home', 10, 5), 0)
  assert.equal(moved(2, 'x', 10, 5), undefined)
  assert.equal(moved(2, 'ArrowDown', 0, 5), undefined)
})

test('the keyboard follows its torrent', () => {
  const choice = only(3, 30)
  assert.deepEqual([still(choice, 30, 0, [10, 30, 20], 3).at, still(choice, 30, 0, [10, 30, 20], 3).anchor], [1, 1])
  assert.equal(still(choice, 30, 0, [10], 1).at, 0)
  assert.equal(still(choice, undefined, 0, [], 0).at, -1)
})

test('what is gone is not chosen', () => {
  const choice = toggled(only(1, 10), 2, 20)
  assert.deepEqual([...without(choice, [10, 99]).ids], [20])
  assert.equal(without(choice, [99]), choice)
})
