import { call, Problem } from '../api/client.ts'
import type { Outcome } from './act.ts'

/** Way is where torrents go in the queue. */
export type Way = 'top' | 'up' | 'down' | 'bottom'
/** Placed is a torrent and how many stand before it. */
export interface Placed {
  id: number
  position: number
}

/** most is how many are moved at a time: each is a request, after which the node writes down how all stand. */
export const most = 100

/**
 * moves returns which torrents of a queue of so many are moved, and to where, one after the
 * other. Among each other they stay in their order, and those at an end stay there.
 */
export function moves(chosen: Placed[], way: Way, all: number): Placed[] {
  const line = chosen.toSorted((a, b) => a.position - b.position)
  if (way === 'top') return line.flatMap((one, i) => (one.position === i ? [] : [{ id: one.id, position: i }]))
  if (way === 'bottom') return line.every((one, i) => one.position === all - line.length + i) ? [] : line.map(({ id }) => ({ id, position: all }))
  return runs(line).flatMap((run) => {
    const position = way === 'up' ? run[0]!.position - 1 : run.at(-1)!.position + 1
    if (position < 0 || position >= all) return []
    // All pass the same neighbour: wherever that ends, they follow each other as before.
    return (way === 'up' ? run.toReversed() : run).map(({ id }) => ({ id, position }))
  })
}

/** runs returns those that stand one after the other, together. */
function runs(line: Placed[]): Placed[][] {
  const list: Placed[][] = []
  for (const one of line) {
    const last = list.at(-1)
    if (last?.at(-1)!.position === one.position - 1) last.push(one)
    else list.push([one])
  }
  return list
}

let before: Promise<unknown> = Promise.resolve()

/** place moves torrents in the queue, after those that were moved before. It throws a Problem if nothing could be asked. */
export function place(way: Way, ids: number[]): Promise<Outcome> {
  const now = before.then(() => move(way, ids))
  before = now.catch(() => {})
  return now
}

async function move(way: Way, ids: number[]): Promise<Outcome> {
  const outcome: Outcome = { done: 0, failed: 0, why: '' }
  const { chosen, all } = await look(new Set(ids))
  for (const { id, position } of moves(chosen, way, all)) {
    try {
      await call('post', '/torrents/{key}/position', { path: { key: String(id) }, body: { position } })
      outcome.done++
    } catch (err) {
      if (!(err instanceof Problem) || (err.kind !== 'not-found' && err.kind !== 'conflict')) throw err
      outcome.failed++
      outcome.why ||= err.message
    }
  }
  return outcome
}

/** look returns where torrents stand now, and how many there are. */
async function look(ids: Set<number>): Promise<{ chosen: Placed[]; all: number }> {
  const chosen: Placed[] = []
  for (let offset = 0; ; offset += 1000) {
    const { torrents, total } = await call('get', '/torrents', { query: { sort: 'position', offset, limit: 1000, fields: ['id', 'position'] } })
    for (const { id, position } of torrents ?? []) if (ids.has(id)) chosen.push({ id, position: position ?? 0 })
    if (chosen.length === ids.size || !torrents?.length) return { chosen, all: total ?? 0 }
  }
}
