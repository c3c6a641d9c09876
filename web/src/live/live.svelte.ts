import type { Schemas } from '../api/client.ts'
import { address } from '../api/client.ts'

export type Delta = Schemas['Delta']
export type Torrent = Schemas['Torrent']
export type Totals = Schemas['Totals']

/** Listener hears of changes of some torrents, or with no ids of totals alone. */
export interface Listener {
  ids: number[]
  fields?: string[] // of these properties; of all without
  since?: number // revision of what it knows
  heard: (delta: Delta) => void
  anew: () => void // what was missed is not known any more: ask again
}

/** live is what the node says of itself, as long as the page is open. */
export const live = $state({
  totals: undefined as Totals | undefined,
  connection: 'connecting' as 'connecting' | 'live' | 'lost',
  groups: 0, // goes up when categories or labels have changed
})

const listeners = new Set<Listener>()
let source: EventSource | undefined
let revision = 0
let reopening: ReturnType<typeof setTimeout> | undefined

/** listen tells a listener of changes until what it returns is called. Its ids may be changed: call renew then. */
export function listen(listener: Listener): () => void {
  listeners.add(listener)
  renew(source ? 50 : 300) // the first list comes first
  return () => {
    listeners.delete(listener)
    renew()
  }
}

/** renew opens the stream with what listeners want now. */
export function renew(wait = 50): void {
  clearTimeout(reopening)
  reopening = setTimeout(open, wait)
}

function open(): void {
  source?.close()
  const all = [...listeners]
  const ids = new Set(all.flatMap((l) => l.ids))
  const fields = all.some((l) => l.ids.length > 0 && !l.fields) ? undefined : [...new Set(all.flatMap((l) => l.fields ?? []))]
  const since = Math.min(revision || Infinity, ...all.map((l) => l.since || Infinity))
  const opened = new EventSource(address('/events', {}, {
    totals: true, torrent: ids.size > 0 ? [...ids] : [0], fields, since: Number.isFinite(since) ? since : undefined,
  }))
  source = opened
  let fresh = !Number.isFinite(since)
  opened.onopen = () => (live.connection = 'live')
  opened.onerror = () => {
    live.connection = 'lost'
    if (opened.readyState === EventSource.CLOSED && source === opened) renew(3000)
  }
  opened.addEventListener('delta', (e) => take(JSON.parse((e as MessageEvent<string>).data) as Delta))
  opened.addEventListener('ready', (e) => {
    const ready = JSON.parse((e as MessageEvent<string>).data) as { revision: number; totals?: Totals }
    revision = ready.revision
    if (ready.totals) live.totals = ready.totals
    if (!fresh) for (const l of listeners) l.anew()
    fresh = false
  })
}

function take(delta: Delta): void {
  revision = delta.revision
  if (delta.totals) live.totals = delta.totals
  if (delta.groups) live.groups++
  for (const l of listeners) {
    l.since = delta.revision
    l.heard(delta)
  }
}
