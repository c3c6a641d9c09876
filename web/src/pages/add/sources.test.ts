import test from 'node:test'
import assert from 'node:assert/strict'
import { ofFiles, read, words } from './sources.ts'

const hash = 'c9e15763f722f23e98a29decdfae341b98d53056'

test('links of all kinds, each once', () => {
  const text = `magnet:?xt=urn:btih:${hash}&dn=Sintel+4K
    https://example.org/a.torrent  ${hash} ${hash}
    https://192.0.2.7:6881/private/AAAAAAAAAAAAAAAAAAAAAA#s=x&c=y nonsense`
  assert.deepEqual(read(text).map((s) => [s.kind, s.name]), [
    ['magnet', 'Sintel 4K'], ['web', 'https://example.org/a.torrent'], ['magnet', hash], ['share', '192.0.2.7:6881'], ['odd', 'nonsense'],
  ])
  assert.equal(read(hash)[0]!.text, `magnet:?xt=urn:btih:${hash}`)
  assert.equal(read('a'.repeat(64))[0]!.text, `magnet:?xt=urn:btmh:1220${'a'.repeat(64)}`)
  assert.equal(read('MAGNET:?xt=urn:btih:' + hash)[0]!.name, hash)
  assert.deepEqual(read(' \n'), [])
})

test('a page of a site is no share', () => {
  assert.equal(read('https://example.org/private/x#s=1')[0]!.kind, 'web')
  assert.equal(read('http://example.org/private/AAAAAAAAAAAAAAAAAAAAAA#c=1')[0]!.kind, 'web')
  assert.equal(read('https://h:1/public/AAAAAAAAAAAAAAAAAAAAAA/BBBB#c=1')[0]!.kind, 'share')
})

test('files', () => {
  const files = [new File([], 'Sintel.TORRENT'), new File([], 'x.txt')]
  assert.deepEqual(ofFiles(files).map((s) => [s.kind, s.name]), [['file', 'Sintel'], ['odd', 'x.txt']])
})

test('words', () => {
  assert.deepEqual(words(' a, b c ,,a'), ['a', 'b c'])
})
