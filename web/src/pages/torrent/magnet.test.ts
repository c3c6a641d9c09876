import test from 'node:test'
import assert from 'node:assert/strict'
import { magnet } from './magnet.ts'

test('a link has the hashes there are, and the name', () => {
  const [v1, v2] = ['a'.repeat(40), 'b'.repeat(64)]
  assert.equal(magnet({ v1, v2, name: 'Birds & bees' }), `magnet:?xt=urn:btih:${v1}&xt=urn:btmh:1220${v2}&dn=Birds%20%26%20bees`)
  assert.equal(magnet({ v2, name: '' }), `magnet:?xt=urn:btmh:1220${v2}`)
})
