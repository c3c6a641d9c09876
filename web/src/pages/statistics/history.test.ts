import test from 'node:test'
import assert from 'node:assert/strict'
import { begins, parts } from './history.ts'

const at = (text: string) => new Date(text)

test('units begin on the clock and in the calendar', () => {
  const now = at('2026-11-29T15:47:42.5Z')
  assert.equal(begins(now, 'minute', true).toISOString(), '2026-11-29T15:47:00.000Z')
  assert.equal(begins(now, 'ten', true).toISOString(), '2026-11-29T15:40:00.000Z')
  assert.equal(begins(now, 'hour', true).toISOString(), '2026-11-29T15:00:00.000Z')
  assert.equal(begins(now, 'day', true).toISOString(), '2026-11-29T00:00:00.000Z')
  assert.equal(begins(now, 'week', true).toISOString(), '2026-11-23T00:00:00.000Z')
  assert.equal(begins(begins(now, 'week', true), 'week', true, 1).toISOString(), '2026-11-30T00:00:00.000Z')
  assert.equal(begins(now, 'month', true).toISOString(), '2026-11-01T00:00:00.000Z')
  assert.equal(begins(now, 'month', true, 2).toISOString(), '2027-01-01T00:00:00.000Z')
  assert.equal(begins(now, 'ten', true, 2).toISOString(), '2026-11-29T16:00:00.000Z')
})

test('steps are added up, and what is missing is known to be', () => {
  const steps = [{ at: '2026-11-27T23:50:00Z', received: 5 }, { at: '2026-11-29T10:00:00Z', received: 1, sent: 2 }, { at: '2026-11-29T11:00:00Z', sent: 3 }]
  const days = parts(steps, at('2026-11-27T12:00:00Z'), at('2026-11-29T12:00:00Z'), 'day', true)
  assert.deepEqual(days.map((d) => [d.at.getUTCDate(), d.received, d.sent, d.ran]), [[27, 5, 0, true], [28, 0, 0, false], [29, 1, 5, true]])
})

test('what comes after now, or before it begins, is left out', () => {
  const steps = [{ at: '2026-10-31T00:00:00Z', received: 5 }, { at: '2026-12-01T00:00:00Z', received: 5 }]
  const months = parts(steps, at('2026-11-02T00:00:00Z'), at('2026-11-29T12:00:00Z'), 'month', true)
  assert.deepEqual(months.map((m) => m.received), [0])
})
