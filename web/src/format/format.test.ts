import test from 'node:test'
import assert from 'node:assert/strict'
import { bytes, percent, period, rate, ratio, speed, when } from './format.ts'

const plain = (s: string) => s.replaceAll('\u00a0', ' ')

test('sizes have three figures, and never 1000 of a unit', () => {
  const want: [number, string][] = [[0, '0 B'], [812, '812 B'], [999, '999 B'], [1000, '1.00 kB'], [999_499, '999 kB'], [999_500, '1.00 MB'], [1_449_999_999, '1.45 GB'], [14_500_000_000, '14.5 GB'], [145_000_000_000, '145 GB'], [99_960, '100 kB'], [9_996, '10.0 kB']]
  for (const [n, text] of want) assert.equal(plain(bytes(n)), text)
})

test('a figure stays before its unit', () => {
  assert.equal(bytes(1500, 'en-x-rtl'), '\u20661.50\u00a0kB\u2069')
  assert.equal(speed(0, 'en-x-rtl'), '\u20660\u00a0B/s\u2069')
  assert.equal(percent(0.5, 'en-x-rtl'), '\u206650.0\u00a0%\u2069')
})

test('a rate of nothing is nothing', () => {
  assert.equal(rate(0), '')
  assert.equal(plain(rate(1500)), '1.50 kB/s')
})

test('what is not whole is not 100 %', () => {
  assert.equal(plain(percent(0.99999)), '99.9 %')
  assert.equal(plain(percent(1)), '100 %')
  assert.equal(plain(percent(0)), '0 %')
  assert.equal(plain(percent(0.5)), '50.0 %')
})

test('times have two units at most', () => {
  const want: [number, string][] = [[0, '0 s'], [59, '59 s'], [60, '1 min'], [3599, '1 h'], [7500, '2 h 5 min'], [86400, '1 d'], [371_000, '4 d 7 h'], [40 * 86400, '40 d'], [3 * 365 * 86400, '3.0 y']]
  for (const [s, text] of want) assert.equal(plain(period(s)), text)
})

test('ratios', () => {
  assert.equal(ratio(0.456), '0.46')
  assert.equal(ratio(12.34), '12.3')
})

test('today is an hour, another day a date', () => {
  const now = new Date(2026, 10, 29, 12)
  assert.match(when(new Date(2026, 10, 29, 9, 5).toISOString(), now), /9:05/)
  assert.equal(when(new Date(2026, 10, 28, 9).toISOString(), now), 'Nov 28, 2026')
  assert.equal(when(undefined, now), '')
})
