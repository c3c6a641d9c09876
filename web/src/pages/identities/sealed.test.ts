import test from 'node:test'
import assert from 'node:assert/strict'
import { base64, fileName, fileOf, nameIn } from './sealed.ts'

test('what is saved is what is read back', async () => {
  const data = btoa(String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i)))
  const file = fileOf('me', data)
  assert.equal(file.name, 'me.identity')
  assert.equal(file.size, 256)
  assert.equal(await base64(file), data)
})

test('names that no system would take', () => {
  assert.equal(fileName('work/2: “new”'), 'work-2- “new”.identity')
  assert.equal(fileName('..'), '-..identity')
  assert.equal(fileName('Ölüm 🐇'), 'Ölüm 🐇.identity')
})

test('a name comes back out of a file', () => {
  assert.equal(nameIn('work.identity'), 'work')
  assert.equal(nameIn('my.work (2).identity'), 'my.work')
  assert.equal(nameIn('other.bin'), 'other.bin')
})
