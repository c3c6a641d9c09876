import test from 'node:test'
import assert from 'node:assert/strict'
import { collators } from '../../../format/intl.ts'
import type { File } from './files.ts'
import { below, flat, grown, lines, step, sums, type Folder, type Tree } from './tree.ts'

const { compare } = collators('en')
const file = (path: string, more: Partial<File> = {}) => ({ index: 0, path, priority: 'normal', size: 10, done: 0, ...more }) as File
const list = (...paths: string[]) => paths.map((path) => file(path))
const all = () => true
const none = () => false
const drawn = (tree: Tree, unfolded: (folder: Folder) => boolean = all) =>
  lines(tree, unfolded).map((row) => '.'.repeat(row.level - 1) + (row.folder ? `${row.folder.name}/` : tree.paths[row.file]!.split('/').pop()))
const paths = ['A/track 10', 'A/track 2', 'B/x/y/1', 'B/x/y/2', 'A/b/1', 'A/a/1', 'disc 10/1', 'disc 9/1', 'Zoo', 'art']

test('folders first, names as people count', () => {
  assert.deepEqual(drawn(grown(list(...paths), compare)), [
    'A/', '.a/', '..1', '.b/', '..1', '.track 2', '.track 10',
    'B/x/y/', '.1', '.2',
    'disc 9/', '.1', 'disc 10/', '.1',
    'art', 'Zoo',
  ])
})

test('the folder of all is left out, and folders of one folder are one', () => {
  assert.deepEqual(drawn(grown(list('top/a/b/1', 'top/a/b/2'), compare)), ['a/b/', '.1', '.2'])
  assert.deepEqual(drawn(grown(list('top/2', 'top/1'), compare)), ['1', '2'])
  assert.deepEqual(drawn(grown(list('top/a/b/1', 'top/a/2'), compare)), ['a/', '.b/', '..1', '.2'])
  assert.deepEqual(drawn(grown(list('one'), compare)), ['one'])
  assert.deepEqual(drawn(grown([], compare)), [])
})

test('only what is unfolded is shown', () => {
  const tree = grown(list(...paths), compare)
  assert.deepEqual(drawn(tree, none), ['A/', 'B/x/y/', 'disc 9/', 'disc 10/', 'art', 'Zoo'])
  assert.deepEqual(drawn(tree, (f) => f.path === 'A/'), ['A/', '.a/', '.b/', '.track 2', '.track 10', 'B/x/y/', 'disc 9/', 'disc 10/', 'art', 'Zoo'])
  assert.deepEqual(lines(tree, none).map((r) => [r.at, r.of]), [1, 2, 3, 4, 5, 6].map((at) => [at, 6]))
})

test('the order of all files is that of the tree', () => {
  const tree = grown(list('b/2', 'b/1', 'a', 'b/c/1'), compare)
  assert.deepEqual(tree.order.map((i) => tree.paths[i]), ['b/c/1', 'b/1', 'b/2', 'a'])
  assert.deepEqual(flat([3, 1]), [{ file: 3, level: 1, at: 1, of: 2 }, { file: 1, level: 1, at: 2, of: 2 }])
})

test('a tree is kept while names are what they were', () => {
  const tree = grown(list(...paths), compare)
  assert.equal(grown(list(...paths).map((f) => ({ ...f, done: 5 })), compare, tree), tree)
  assert.notEqual(grown(list(...paths, 'more'), compare, tree), tree)
  assert.notEqual(grown(list(...paths.with(0, 'A/other')), compare, tree), tree)
})

test('sums', () => {
  const files = [
    file('a/b/1', { size: 100, done: 50 }), file('a/b/2', { size: 100, done: 0, priority: 'skip' }),
    file('a/c/1', { size: 30, done: 10, priority: 'skip' }), file('a/c/2', { size: 0, priority: 'skip' }),
    file('a/d', { size: 20, done: 20 }), file('e/1', { size: 5, done: 5, priority: 'high' }), file('f/empty', { size: 0 }),
  ]
  const tree = grown(files, compare)
  const by = new Map(sums(tree, files).map((sum, id) => [tree.folders[id]!.path, sum]))
  assert.deepEqual(by.get('a/'), { size: 250, share: 70 / 120, files: 5, priority: 'mixed' })
  assert.deepEqual(by.get('a/b/'), { size: 200, share: 0.5, files: 2, priority: 'mixed' })
  assert.deepEqual(by.get('a/c/'), { size: 30, share: 1 / 3, files: 2, priority: 'skip' })
  assert.deepEqual(by.get('e/'), { size: 5, share: 1, files: 1, priority: 'high' })
  assert.deepEqual(by.get('f/'), { size: 0, share: 1, files: 1, priority: 'normal' })
  assert.equal(by.get('')!.files, 7)
})

test('a mix stays one above', () => {
  const files = [file('a/b/1'), file('a/b/2', { priority: 'low' }), file('a/c/1'), file('d')]
  const tree = grown(files, compare)
  assert.deepEqual(sums(tree, files).map((s) => s.priority), ['mixed', 'mixed', 'mixed', 'normal'])
})

test('all files below a folder', () => {
  const tree = grown(list(...paths), compare)
  const under = (path: string) => below(tree, tree.folders.find((f) => f.path === path)!).sort((a, b) => a - b)
  assert.deepEqual(under('A/'), [0, 1, 4, 5])
  assert.deepEqual(under('A/b/'), [4])
  assert.deepEqual(under('B/x/y/'), [2, 3])
})

test('keys', () => {
  const tree = grown(list('a/b/1', 'a/2', 'c'), compare)
  const rows = lines(tree, all) // a/ .b/ ..1 .2 c
  const go = (at: number, key: string) => step(rows, at, key, all)
  assert.deepEqual([go(0, 'ArrowDown'), go(4, 'ArrowDown'), go(0, 'ArrowUp'), go(2, 'Home'), go(2, 'End')], [1, 4, 0, 0, 4])
  assert.deepEqual([go(0, 'ArrowRight'), go(0, 'ArrowLeft'), go(0, 'Enter')], [1, 'fold', 'fold'])
  assert.deepEqual([go(2, 'ArrowLeft'), go(3, 'ArrowLeft'), go(4, 'ArrowLeft')], [1, 0, undefined])
  assert.deepEqual([go(2, 'ArrowRight'), go(2, 'Enter'), go(2, 'x')], [undefined, undefined, undefined])
  assert.deepEqual([step(rows, 1, 'ArrowRight', none), step(rows, 1, 'ArrowLeft', none)], ['fold', 0])
})
