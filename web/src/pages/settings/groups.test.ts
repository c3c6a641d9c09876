import test from 'node:test'
import assert from 'node:assert/strict'
import { found, groupOf, meant, sections, typed, type Setting } from './groups.ts'

const setting = (key: string, kind = 'text in quotes', help = ''): Setting => ({ key, kind, help, value: '', origin: 'default', live: true })

test('where settings are', () => {
  assert.equal(groupOf('limits.alternative.up'), 'files')
  assert.equal(groupOf('listen'), 'peers')
  assert.equal(groupOf('new.thing'), 'programs')
  assert.deepEqual(sections([setting('a.x'), setting('b.x'), setting('a.y')]).map((s) => [s.name, s.settings.length]), [['a', 2], ['b', 1]])
})

test('settings that are looked for', () => {
  const all = [setting('limits.up', 'text in quotes', 'Send no more than this'), setting('limits.down')]
  assert.deepEqual(found(all, ' SEND limits', () => '').map((s) => s.key), ['limits.up'])
  assert.equal(found(all, '', () => '').length, 2)
  assert.deepEqual(found(all, 'upload', (s) => (s.key === 'limits.up' ? 'Upload' : '')).map((s) => s.key), ['limits.up'])
})

test('what is typed', () => {
  assert.deepEqual(meant(setting('x', 'a list of texts in quotes'), 'a\n\n b '), ['a', 'b'])
  assert.equal(meant(setting('x', 'a number'), ' 7'), 7)
  assert.equal(meant(setting('x', 'a number'), 'many'), 'many')
  assert.equal(meant(setting('x'), ' 10MB '), '10MB')
  assert.equal(typed(['a', 'b']), 'a\nb')
  assert.equal(typed(null), '')
  assert.equal(typed(false), 'false')
})
