import test from 'node:test'
import assert from 'node:assert/strict'
import { chosen, columns, moving, needed, next, tracks, usual } from './columns.ts'

test('the name cannot be taken away, and the order is ours', () => {
  assert.deepEqual(chosen(['size', 'state', 'no such']).map((c) => c.id), ['name', 'state', 'size'])
  assert.deepEqual(chosen(usual).map((c) => c.id), usual)
})

test('a column sorts as it is read, and then the other way round', () => {
  const size = columns.find((c) => c.id === 'size')!
  const name = columns.find((c) => c.id === 'name')!
  const labels = columns.find((c) => c.id === 'labels')!
  assert.deepEqual(next(size, 'name', false), { sort: 'size', reverse: true })
  assert.deepEqual(next(size, 'size', true), { sort: 'size', reverse: false })
  assert.deepEqual(next(name, 'size', true), { sort: 'name', reverse: false })
  assert.deepEqual(next(labels, 'size', true), { sort: 'size', reverse: true })
})

test('what rows need, once each', () => {
  const fields = needed(chosen(['peers', 'size']))
  assert.equal(new Set(fields).size, fields.length)
  assert.ok(fields.includes('peers') && fields.includes('state') && !fields.includes('seeds'))
})

test('rates move, names do not', () => {
  assert.equal(moving('down_rate'), true)
  assert.equal(moving('name'), false)
  assert.equal(moving('id'), false)
})

test('tracks add up', () => {
  const { tracks: text, least } = tracks(chosen(['size']))
  assert.equal(text, '40px minmax(14rem, 1fr) 5rem')
  assert.equal(least, 'calc(40px + 19rem + var(--s-4))')
})
