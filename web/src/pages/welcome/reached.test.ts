import test from 'node:test'
import assert from 'node:assert/strict'
import { reached } from './reached.ts'

test('whether others can connect, in a word', () => {
  const r = (v4: string, v6: string, cause = 'firewall') => ({ port: 1, summary: '', ipv4: { state: v4, cause }, ipv6: { state: v6, cause } }) as Parameters<typeof reached>[0]
  assert.equal(reached(r('unproven', 'yes')), 'yes')
  assert.equal(reached(r('probably', 'unproven')), 'probably')
  assert.equal(reached(r('unknown', 'unproven', 'asking')), 'asking')
  assert.equal(reached(r('unknown', 'unproven')), 'no')
  assert.equal(reached(r('unknown', 'unknown')), 'unknown')
  assert.equal(reached(r('unknown', 'unknown', 'closed')), 'closed')
})
