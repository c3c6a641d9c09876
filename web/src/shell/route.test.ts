import test from 'node:test'
import assert from 'node:assert/strict'
import { href, parse } from './route.ts'

test('a route survives being an address', () => {
  const to = href(['torrent', 'a/b ?#', 'files'], { search: 'x&y=1', none: '', gone: undefined })
  const back = parse(to)
  assert.deepEqual(back.path, ['torrent', 'a/b ?#', 'files'])
  assert.deepEqual([...back.query], [['search', 'x&y=1']])
})

test('nothing, and what cannot be decoded', () => {
  assert.deepEqual(parse('').path, [])
  assert.deepEqual(parse('#/').path, [])
  assert.deepEqual(parse('#/torrent/%zz').path, ['torrent', '%zz'])
  assert.deepEqual([...parse('#/a?b=1?2').query], [['b', '1?2']])
})
