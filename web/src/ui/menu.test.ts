import test from 'node:test'
import assert from 'node:assert/strict'
import { next, type Item } from './menu.ts'

const run = () => {}
const items: Item[] = [{ name: 'Pause', run }, { name: 'Resume', run, disabled: true }, { name: 'Remove', run }, { name: 'Copy', run }]

test('arrows go round, past what cannot be chosen', () => {
  assert.equal(next(items, -1, 'ArrowDown'), 0)
  assert.equal(next(items, 0, 'ArrowDown'), 2)
  assert.equal(next(items, 3, 'ArrowDown'), 0)
  assert.equal(next(items, 0, 'ArrowUp'), 3)
  assert.equal(next(items, -1, 'ArrowUp'), 3)
  assert.equal(next(items, 2, 'Home'), 0)
  assert.equal(next(items, 0, 'End'), 3)
})

test('letters find names', () => {
  assert.equal(next(items, 0, 'r'), 2)
  assert.equal(next(items, 0, 'C'), 3)
  assert.equal(next(items, 0, 'x'), undefined)
  assert.equal(next(items, 0, ' '), undefined)
})

test('nothing to choose', () => {
  assert.equal(next([{ name: 'a', run, disabled: true }], 0, 'ArrowDown'), undefined)
})
