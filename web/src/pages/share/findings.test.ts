import test from 'node:test'
import assert from 'node:assert/strict'
import { grouped } from './findings.ts'
import type { Finding } from './sharing.ts'

const found = (file: string, kind: Finding['kind'], removable = true): Finding => ({ file, kind, what: 'x', value: 'y', removable })

test('findings by kind, what gives most away first', () => {
  const groups = grouped([found('a', 'software'), found('a', 'location'), found('b', 'location', false), found('b', 'location')])
  assert.deepEqual(groups.map((g) => [g.kind, g.files.map((f) => f.findings.length), g.removable]), [['location', [1, 2], 2], ['software', [1], 1]])
  assert.deepEqual(grouped([]), [])
})
