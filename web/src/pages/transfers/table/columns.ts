import type { Torrent } from '../../../live/live.svelte.ts'
import { bytes, period, rate, ratio, when } from '../../../format/format.ts'
import type en from '../en.json'

/** Sort is what the node can sort by. */
export type Sort = 'id' | 'name' | 'state' | 'progress' | 'size' | 'added' | 'completed' | 'last_active' | 'down_rate' | 'up_rate' | 'eta' | 'ratio' | 'sent' | 'received' | 'peers' | 'seeds' | 'category' | 'position'

/** Column is what a table of torrents can show. */
export interface Column {
  id: string
  name: keyof typeof en
  width: number // in rem; the name takes what is left as well
  fields: string[] // properties that it needs
  sort?: Sort
  down?: boolean // sorted from the largest first
  number?: boolean
  moves?: boolean // changes by itself all the time
  text?: (t: Torrent, locale: string, now: Date) => string // without, the row draws it
}

/** columns are all there are, in their order. */
export const columns: Column[] = [
  { id: 'name', name: 'column.name', width: 14, fields: ['name', 'reason'], sort: 'name' },
  { id: 'state', name: 'column.state', width: 11, fields: ['state', 'progress'], sort: 'progress', down: true, moves: true },
  { id: 'size', name: 'column.size', width: 5, fields: ['size'], sort: 'size', down: true, number: true, text: (t, l) => (t.size ? bytes(t.size, l) : '') },
  { id: 'down', name: 'column.down', width: 5.5, fields: ['down_rate'], sort: 'down_rate', down: true, number: true, moves: true, text: (t, l) => rate(t.down_rate ?? 0, l) },
  { id: 'up', name: 'column.up', width: 5.5, fields: ['up_rate'], sort: 'up_rate', down: true, number: true, moves: true, text: (t, l) => rate(t.up_rate ?? 0, l) },
  { id: 'eta', name: 'column.eta', width: 5.5, fields: ['eta'], sort: 'eta', number: true, moves: true, text: (t) => (t.eta ? period(t.eta) : '') },
  { id: 'ratio', name: 'column.ratio', width: 4, fields: ['ratio'], sort: 'ratio', down: true, number: true, moves: true, text: (t, l) => (t.ratio ? ratio(t.ratio, l) : '') },
  { id: 'peers', name: 'column.peers', width: 4.25, fields: ['peers'], sort: 'peers', down: true, number: true, moves: true, text: (t) => (t.peers ? String(t.peers) : '') },
  { id: 'seeds', name: 'column.seeds', width: 4.25, fields: ['seeds'], sort: 'seeds', down: true, number: true, moves: true, text: (t) => (t.seeds ? String(t.seeds) : '') },
  { id: 'received', name: 'column.received', width: 6, fields: ['received'], sort: 'received', down: true, number: true, moves: true, text: (t, l) => bytes(t.received ?? 0, l) },
  { id: 'sent', name: 'column.sent', width: 6, fields: ['sent'], sort: 'sent', down: true, number: true, moves: true, text: (t, l) => bytes(t.sent ?? 0, l) },
  { id: 'left', name: 'column.left', width: 6, fields: ['left'], number: true, moves: true, text: (t, l) => (t.left ? bytes(t.left, l) : '') },
  { id: 'category', name: 'column.category', width: 8, fields: ['category'], sort: 'category', text: (t) => t.category ?? '' },
  { id: 'labels', name: 'column.labels', width: 9, fields: ['labels'], text: (t) => (t.labels ?? []).join(', ') },
  { id: 'position', name: 'column.position', width: 5.5, fields: ['position'], sort: 'position', number: true, text: (t) => String((t.position ?? 0) + 1) },
  { id: 'added', name: 'column.added', width: 7.5, fields: ['added'], sort: 'added', down: true, text: (t, l, now) => when(t.added, now, l) },
  { id: 'completed', name: 'column.completed', width: 7.5, fields: ['completed'], sort: 'completed', down: true, text: (t, l, now) => when(t.completed, now, l) },
  { id: 'active', name: 'column.active', width: 7.5, fields: ['last_active'], sort: 'last_active', down: true, moves: true, text: (t, l, now) => when(t.last_active, now, l) },
]

/** usual are the columns that are shown until others are chosen. */
export const usual = ['name', 'state', 'size', 'down', 'up', 'eta', 'ratio', 'peers']

/** chosen returns the columns of a list of ids, in the order of all. The name is always there. */
export function chosen(ids: string[]): Column[] {
  return columns.filter((c) => c.id === 'name' || ids.includes(c.id))
}

/** needed returns the properties that rows need, whatever is shown of them. */
export function needed(shown: Column[]): string[] {
  return [...new Set(['key', 'name', 'state', 'reason', 'progress', 'down_rate', 'up_rate', 'size', 'eta', 'category', 'paused', ...shown.flatMap((c) => c.fields)])]
}

/** moving reports whether what is sorted by changes all the time. */
export function moving(sort: Sort): boolean {
  return columns.some((c) => c.sort === sort && c.moves)
}

/** next returns how a list is sorted after its column was pressed. */
export function next(column: Column, sort: Sort, reverse: boolean): { sort: Sort; reverse: boolean } {
  if (!column.sort) return { sort, reverse }
  return column.sort === sort ? { sort, reverse: !reverse } : { sort: column.sort, reverse: column.down ?? false }
}

/** tracks returns the columns as tracks of a grid, and how wide it is at least. */
export function tracks(shown: Column[]): { tracks: string; least: string } {
  const wide = shown.reduce((sum, c) => sum + c.width, 0)
  return { tracks: `40px ${shown.map((c) => (c.id === 'name' ? `minmax(${c.width}rem, 1fr)` : `${c.width}rem`)).join(' ')}`, least: `calc(40px + ${wide}rem + var(--s-4))` }
}
