import test from 'node:test'
import assert from 'node:assert/strict'
import { moves, type Way } from './queue.ts'

// after moves the chosen of a line as the node does: what is put behind all stands last.
function after(line: string, chosen: string, way: Way, all = line.length): string {
  const now = [...line]
  const placed = [...chosen].map((one) => ({ id: one.charCodeAt(0), position: now.indexOf(one) }))
  for (const { id, position } of moves(placed, way, all)) {
    const one = String.fromCharCode(id)
    now.splice(now.indexOf(one), 1)
    now.splice(position, 0, one)
  }
  return now.join('')
}

test('one goes where it is sent', () => {
  assert.equal(after('abcde', 'c', 'top'), 'cabde')
  assert.equal(after('abcde', 'c', 'up'), 'acbde')
  assert.equal(after('abcde', 'c', 'down'), 'abdce')
  assert.equal(after('abcde', 'c', 'bottom'), 'abdec')
})

test('several keep their order, however they were chosen', () => {
  assert.equal(after('abcde', 'eb', 'top'), 'beacd')
  assert.equal(after('abcde', 'da', 'bottom'), 'bcead')
  assert.equal(after('abcde', 'dc', 'up'), 'acdbe')
  assert.equal(after('abcde', 'cb', 'down'), 'adbce')
  assert.equal(after('abcdef', 'bdf', 'up'), 'badcfe')
  assert.equal(after('abcdef', 'ace', 'down'), 'badcfe')
})

test('those at an end stay there, and those behind close up', () => {
  assert.equal(after('abcde', 'ab', 'up'), 'abcde')
  assert.equal(after('abcde', 'ad', 'up'), 'abdce')
  assert.equal(after('abcde', 'de', 'down'), 'abcde')
  assert.equal(after('abcde', 'be', 'down'), 'acbde')
})

test('nothing is asked for what stands there already', () => {
  const line = [...'abc'].map((_, position) => ({ id: position + 1, position }))
  for (const way of ['top', 'up', 'down', 'bottom'] as const) assert.deepEqual(moves(line, way, 3), [])
  assert.deepEqual(moves(line.slice(0, 1), 'top', 3), [])
  assert.deepEqual(moves(line.slice(2), 'bottom', 3), [])
})

test('the line may be shorter than there are torrents: some could not be begun', () => {
  assert.equal(after('abcde', 'de', 'down', 7), 'abcde')
  assert.equal(after('abcde', 'bc', 'bottom', 7), 'adebc')
})
