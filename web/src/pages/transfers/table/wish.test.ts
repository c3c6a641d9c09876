import test from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { chosen, needed, usual } from './columns.ts'
import { firstPage } from './wish.ts'

test('early.js asks for the list as it is looked at first', () => {
  const early = readFileSync(new URL('../../../early.js', import.meta.url), 'utf8')
  assert.ok(early.includes(`'${firstPage({ sort: 'added', reverse: true }, needed(chosen(usual)))}'`))
})
