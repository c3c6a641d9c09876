import { call, Problem, type Schemas } from '../api/client.ts'

export type Action = Schemas['Bulk']['action']
/** Outcome is how many it was done with, and how many not, with the first reason. */
export interface Outcome {
  done: number
  failed: number
  why: string
}

const most = 5000 // torrents in one request

/** act does the same with torrents, by their ids. It throws a Problem if nothing could be asked. */
export async function act(action: Action, ids: Iterable<number>, more: { content?: boolean; change?: Schemas['Patch'] } = {}): Promise<Outcome> {
  const outcome: Outcome = { done: 0, failed: 0, why: '' }
  const all = [...ids].map(String)
  for (let i = 0; i < all.length; i += most) {
    const answer = await call('post', '/torrents/bulk', { body: { action, keys: all.slice(i, i + most), ...more } })
    outcome.done += answer.done
    outcome.failed += answer.failed.length
    outcome.why ||= answer.failed[0]?.why ?? ''
  }
  return outcome
}

/** why returns what an error says to people. */
export function why(err: unknown): string {
  return err instanceof Problem ? err.message : String(err)
}
