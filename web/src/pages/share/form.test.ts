import test from 'node:test'
import assert from 'node:assert/strict'
import { blank, changes, missing, own, wish, words } from './form.ts'

const now = new Date('2026-11-29T12:00:00Z')

test('what a form lacks', () => {
  assert.deepEqual(missing(blank(' '), now), { title: 'needed', confirmed: 'needed' })
  assert.deepEqual(missing({ ...blank('x'), confirmed: true }, now), {})
  assert.deepEqual(missing({ ...blank('x'), licence: own, lasts: 'date', uses: 'two' }, now, true), { licenceText: 'needed', until: 'needed', uses: 'number' })
  assert.deepEqual(missing({ ...blank('x'), lasts: 'date', until: '2026-11-01' }, now, true), { until: 'past' })
  assert.deepEqual(missing({ ...blank('x'), uses: '0', confirmed: true }, now), { uses: 'number' })
})

test('what it asks for', () => {
  const asked = wish({ ...blank(' Photos '), tags: 'a, b,,a', lasts: '7', uses: ' 3 ', licence: 'CC-BY-4.0', direct: true, confirmed: true }, true, now)
  assert.equal(asked.title, 'Photos')
  assert.deepEqual(asked.tags, ['a', 'b'])
  assert.equal(asked.expires, '2026-12-06T12:00:00.000Z')
  assert.deepEqual([asked.uses, asked.strip, asked.licence.id, asked.direct_limit], [3, true, 'CC-BY-4.0', 100_000_000])
  assert.equal(wish(blank('x'), false, now).expires, undefined)
  assert.deepEqual(words(''), [])
})

test('only what is different is changed', () => {
  const before = { ...blank('x'), lasts: 'date' as const, until: '2026-12-24', tags: 'a' }
  assert.deepEqual(changes({ ...before }, before, now), {})
  assert.deepEqual(changes({ ...before, uses: '' }, { ...before, uses: '0' }, now), { uses: 0 })
  assert.deepEqual(missing({ ...before, uses: '0' }, now, true), {})
  assert.deepEqual(changes({ ...before, title: 'y', lasts: '' }, before, now), { title: 'y', expires: '' })
})
