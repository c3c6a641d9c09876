import test from 'node:test'
import assert from 'node:assert/strict'
import { cells, History, round } from './history.ts'

test('the oldest samples are forgotten', () => {
  const h = new History(3)
  for (let i = 1; i <= 5; i++) h.add(i * 1000, i)
  assert.deepEqual([h.down, h.up], [[3000, 4000, 5000], [3, 4, 5]])
  assert.equal(h.top(), 5000)
  assert.equal(new History(3).top(), 1000)
})

test('axes end at round numbers', () => {
  assert.deepEqual([1, 1.5, 3, 7, 1000, 1001, 230_000].map(round), [1, 2, 5, 10, 1000, 2000, 500_000])
})

test('pieces are put together', () => {
  const have = new Uint8Array([0b11010000, 0b01000000])
  assert.deepEqual(cells(10, have, [], 100), {
    each: 1, cells: [1, 1, 0, 1, 0, 0, 0, 0, 0, 1].map((h) => ({ have: h, peers: h ? -1 : 0 })),
  })
  const two = cells(10, have, [9, 9, 3, 9, 2, 1, 5, 5, 7, 9], 5)
  assert.equal(two.each, 2)
  assert.deepEqual(two.cells, [{ have: 1, peers: -1 }, { have: 0.5, peers: 3 }, { have: 0, peers: 1 }, { have: 0, peers: 5 }, { have: 0.5, peers: 7 }])
  assert.deepEqual(cells(0, have, [], 5), { cells: [], each: 1 })
})
