import test from 'node:test'
import assert from 'node:assert/strict'
import { found, patch, root, split, type File } from './files.ts'

const file = (index: number, path: string, priority: File['priority'] = 'normal') => ({ index, path, priority, size: 1, done: 0, offset: 0, first: 0, end: 1 }) as File
const files = [file(0, 'Disc 1/One.ogg'), file(1, 'Disc 2/One.ogg', 'skip'), file(2, 'Notes.txt')]

test('all words, anywhere in the path', () => {
  assert.deepEqual(found(files, 'one disc').map((f) => f.index), [0, 1])
  assert.deepEqual(found(files, ' 2 ONE ').map((f) => f.index), [1])
  assert.equal(found(files, ''), files)
})

test('paths', () => {
  assert.deepEqual(split('a/b/c.txt'), ['a/b/', 'c.txt'])
  assert.deepEqual(split('c.txt'), ['', 'c.txt'])
})

test('the folder of all', () => {
  assert.equal(root([file(0, 'a/b/c'), file(1, 'a/d')]), 'a/')
  assert.equal(root(files), '')
  assert.equal(root([file(0, 'one')]), '')
  assert.equal(root([]), '')
})

test('what is so already is not asked for', () => {
  assert.deepEqual(patch(files, 'skip'), { 0: 'skip', 2: 'skip' })
  assert.deepEqual(patch(files, 'normal'), { 1: 'normal' })
})
