import test from 'node:test'
import assert from 'node:assert/strict'
import { filter, parts, written } from './filter.ts'

const line = (level: 'debug' | 'info' | 'warn' | 'error', part: string, message: string) => ({ time: '2026-11-29T12:00:00Z', level, part, message, attrs: [{ key: 'name', value: 'Film' }] })

test('lines that are looked for', () => {
  const lines = [line('debug', 'dht', 'a'), line('warn', 'node', 'b'), line('error', 'dht', 'c')]
  assert.deepEqual(filter(lines, 'warn', '', '').map((l) => l.message), ['b', 'c'])
  assert.deepEqual(filter(lines, 'debug', 'dht', 'FILM').map((l) => l.message), ['a', 'c'])
  assert.deepEqual(filter(lines, 'debug', '', 'none'), [])
  assert.deepEqual(parts(lines), ['dht', 'node'])
  assert.equal(written(lines[0]!), '2026-11-29T12:00:00Z debug dht: a name=Film')
})
