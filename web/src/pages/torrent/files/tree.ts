import { root, type File, type Priority } from './files.ts'

/** Folder is one of a torrent. One that has nothing but another folder is one with it: a/b. */
export interface Folder {
  id: number // its place in Tree.folders; 0 is the torrent itself
  end: number // the folders below it are those from id+1 to before this
  above: number // what it lies in
  level: number // 1 for what lies in the torrent itself
  path: string // ends with a slash
  name: string
  folders: Folder[]
  files: number[] // places in the list of files
}

/** Tree is how the files of a torrent lie in folders. It holds until their names change. */
export interface Tree {
  top: string // the folder that all lie in, which is left out
  paths: string[]
  folders: Folder[] // each before what lies in it
  order: number[] // places of all files, as one reads them in the tree
}

/** Sum is what the files below a folder come to. */
export interface Sum {
  size: number
  share: number // of what is wanted, or of all if nothing is; 0 to 1
  files: number
  priority: Priority | 'mixed'
}

/** Row is a line of what is shown: a folder, or the file at a place of the list. */
export interface Row {
  folder?: Folder
  file: number
  level: number
  at: number // among those that lie beside it, from 1
  of: number
}

/** few is up to how many rows are all unfolded in the beginning. */
export const few = 200

/** grown returns the tree of files: known, if names are what they were. compare puts names in order. */
export function grown(files: File[], compare: (a: string, b: string) => number, known?: Tree): Tree {
  if (known && known.paths.length === files.length && files.every((f, i) => f.path === known.paths[i])) return known
  const tree: Tree = { top: root(files), paths: files.map((f) => f.path), folders: [], order: [] }
  const names = tree.paths.map((path) => path.slice(path.lastIndexOf('/') + 1))
  settle(tree, spread(tree), names, compare)
  return tree
}

const folder = (path: string, name: string): Folder => ({ id: 0, end: 0, above: 0, level: 0, path, name, folders: [], files: [] })

// spread puts files into folders, in the order of the list.
function spread({ top, paths }: Tree): Folder {
  const first = folder(top, '')
  const known = new Map([[top, first]])
  const find = (path: string): Folder => {
    let found = known.get(path)
    if (!found) {
      const cut = path.lastIndexOf('/', path.length - 2) + 1
      known.set(path, (found = folder(path, path.slice(cut, -1))))
      find(path.slice(0, cut)).folders.push(found)
    }
    return found
  }
  let last = first
  for (const [i, path] of paths.entries()) {
    const within = path.slice(0, path.lastIndexOf('/') + 1)
    if (last.path !== within) last = find(within)
    last.files.push(i)
  }
  return first
}

// settle joins folders, sorts what is in them, and numbers them: each before what it has.
function settle(tree: Tree, one: Folder, names: string[], compare: (a: string, b: string) => number): void {
  one.id = tree.folders.push(one) - 1
  one.folders = one.folders.map(joined).sort((a, b) => compare(a.name, b.name))
  for (const inner of one.folders) {
    inner.above = one.id
    inner.level = one.level + 1
    settle(tree, inner, names, compare)
  }
  one.files.sort((a, b) => compare(names[a]!, names[b]!))
  for (const file of one.files) tree.order.push(file)
  one.end = tree.folders.length
}

function joined(one: Folder): Folder {
  let { name } = one
  while (one.files.length === 0 && one.folders.length === 1) {
    one = one.folders[0]!
    name += `/${one.name}`
  }
  one.name = name
  return one
}

/** sums returns what each folder of a tree comes to now. */
export function sums(tree: Tree, files: File[]): Sum[] {
  const all = tree.folders.map(() => ({ size: 0, done: 0, wanted: 0, got: 0, files: 0, priority: undefined as Sum['priority'] | undefined }))
  const mix = (a: Sum['priority'] | undefined, b: Sum['priority'] | undefined) => (a === undefined || a === b ? b : b === undefined ? a : 'mixed')
  for (let id = tree.folders.length - 1; id >= 0; id--) {
    const one = tree.folders[id]!
    const sum = all[id]!
    for (const place of one.files) {
      const { size, done, priority } = files[place]!
      sum.size += size
      sum.done += done
      if (priority !== 'skip') {
        sum.wanted += size
        sum.got += done
      }
      sum.files++
      sum.priority = mix(sum.priority, priority)
    }
    if (id === 0) break
    const above = all[one.above]!
    above.size += sum.size
    above.done += sum.done
    above.wanted += sum.wanted
    above.got += sum.got
    above.files += sum.files
    above.priority = mix(above.priority, sum.priority)
  }
  return all.map(({ size, done, wanted, got, files, priority = 'normal' }) => ({
    size, files, priority,
    share: wanted > 0 ? got / wanted : size > 0 && priority === 'skip' ? done / size : 1,
  }))
}

/** lines returns the rows of a tree, below folders that are unfolded. */
export function lines(tree: Tree, unfolded: (folder: Folder) => boolean): Row[] {
  const rows: Row[] = []
  const walk = (one: Folder) => {
    const of = one.folders.length + one.files.length
    let at = 0
    for (const folder of one.folders) {
      rows.push({ folder, file: -1, level: folder.level, at: ++at, of })
      if (unfolded(folder)) walk(folder)
    }
    for (const file of one.files) rows.push({ file, level: one.level + 1, at: ++at, of })
  }
  walk(tree.folders[0]!)
  return rows
}

/** flat returns rows of files alone. */
export function flat(places: number[]): Row[] {
  return places.map((file, i) => ({ file, level: 1, at: i + 1, of: places.length }))
}

/** below returns the places of all files below a folder. */
export function below(tree: Tree, folder: Folder): number[] {
  return tree.folders.slice(folder.id, folder.end).flatMap((one) => one.files)
}

/**
 * step returns the row a key leads to in a tree, as ARIA's treegrid has it, 'fold' where it
 * folds or unfolds that at the row, and undefined where it does neither.
 */
export function step(rows: Row[], at: number, key: string, unfolded: (folder: Folder) => boolean): number | 'fold' | undefined {
  const { folder, level } = rows[at]!
  const open = folder && unfolded(folder)
  switch (key) {
    case 'ArrowDown': return Math.min(at + 1, rows.length - 1)
    case 'ArrowUp': return Math.max(at - 1, 0)
    case 'Home': return 0
    case 'End': return rows.length - 1
    case 'Enter': return folder && 'fold'
    case 'ArrowRight': return folder && (open ? at + 1 : 'fold')
    case 'ArrowLeft': {
      if (open) return 'fold'
      const over = rows.findLastIndex((row, i) => i < at && row.level < level)
      return over < 0 ? undefined : over
    }
    default: return undefined
  }
}
