import test from 'node:test'
import assert from 'node:assert/strict'
import { sentence } from './sentence.ts'

test('errors become sentences', () => {
  assert.equal(sentence('no such folder: /a'), 'No such folder: /a.')
  assert.equal(sentence('It is there already.'), 'It is there already.')
  assert.equal(sentence(' '), '')
})
