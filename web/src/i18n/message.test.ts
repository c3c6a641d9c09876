import test from 'node:test'
import assert from 'node:assert/strict'
import { fill, pseudo } from './message.ts'

test('names and plurals', () => {
  assert.equal(fill('{what} of {n}', { what: 'one', n: 1234 }, 'en'), 'one of 1,234')
  const many = { one: '{n} torrent', other: '{n} torrents' }
  assert.equal(fill(many, { n: 1 }, 'en'), '1 torrent')
  assert.equal(fill(many, { n: 0 }, 'en'), '0 torrents')
  assert.equal(fill('{unknown}', {}, 'en'), '{unknown}')
})

test('the pseudo-locale changes words and keeps names', () => {
  const text = pseudo('Remove {n} torrents') as string
  assert.ok(text.includes('{n}'))
  assert.ok(!text.includes('Remove'))
  assert.equal(fill(text, { n: 3 }, 'en').includes('3'), true)
  assert.deepEqual(Object.keys(pseudo({ one: 'a', other: 'b' })), ['one', 'other'])
})
