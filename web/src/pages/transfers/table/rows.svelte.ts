import { untrack } from 'svelte'
import { call, Problem, type Schemas } from '../../../api/client.ts'
import { early } from '../../../api/early.ts'
import { listen, renew, type Delta, type Listener, type Torrent } from '../../../live/live.svelte.ts'
import { moving } from './columns.ts'
import { firstPage, head, keepFirst, query, type Wish } from './wish.ts'

type Page = Schemas['Page'] & { torrents?: Torrent[] }

const spare = 60 // rows that are there before and after those that are seen
const patience = 3000 // ms between two orders of a list that changes all the time

/**
 * Rows is the part of a list that is seen, and some on both sides. The node filters,
 * sorts and cuts; what it tells of these rows is put in at once, and they are asked for
 * anew when others may stand there.
 */
export class Rows {
  total = $state(-1) // -1 before anything is known
  from = $state(0)
  list: Torrent[] = $state.raw([])
  problem: Problem | undefined = $state()
  held = false // an order must not change now: somebody aims at a row

  #wish: Wish = { sort: 'added', reverse: true }
  #fields: string[] = []
  #first = 0
  #last = 40
  #abort: AbortController | undefined
  #asked = 0 // when, in ms
  #due: ReturnType<typeof setTimeout> | undefined
  #states = ''
  #revision = 0 // of this list
  #listener: Listener = { ids: [], heard: (d) => this.#heard(d), anew: () => void this.load() }

  /** open begins to listen; what it returns ends that. */
  open(): () => void {
    const hush = listen(this.#listener)
    return () => {
      hush()
      this.#abort?.abort()
      clearTimeout(this.#due)
    }
  }

  /** ask makes it another list. */
  ask(wish: Wish, fields: string[]): void {
    this.#wish = wish
    this.#fields = fields
    this.#listener.fields = fields
    keepFirst(wish, fields)
    untrack(() => {
      const asked = this.total < 0 ? early(firstPage(wish, fields)) : undefined
      if (asked?.body) this.#take(asked.body as Page)
      else void this.load(asked?.arrives)
    })
  }

  /** see says which rows are on the screen. */
  see(first: number, last: number): void {
    this.#first = first
    this.#last = last
    const end = this.from + this.list.length
    if (this.total > 0 && (first < this.from || Math.min(last, this.total) > end)) void this.load()
  }

  /** at returns the torrent of a row, undefined while it is on its way. */
  at(index: number): Torrent | undefined {
    return this.list[index - this.from]
  }

  /** load asks for the rows around those that are seen, unless they are on their way. */
  async load(arrives?: Promise<unknown>): Promise<void> {
    clearTimeout(this.#due)
    this.#due = undefined
    this.#abort?.abort()
    const abort = (this.#abort = new AbortController())
    this.#asked = performance.now()
    const offset = this.total < 0 ? 0 : Math.max(0, this.#first - spare)
    const limit = this.total < 0 ? head : Math.min(1000, this.#last - offset + spare)
    try {
      const page = (await arrives) ?? (await call('get', '/torrents', { query: { ...query(this.#wish), offset, limit, fields: this.#fields }, signal: abort.signal }))
      if (!abort.signal.aborted) this.#take(page as Page)
    } catch (err) {
      if (abort.signal.aborted) return
      this.problem = err instanceof Problem ? err : new Problem('unknown', 0, String(err))
      this.#soon(patience)
    }
  }

  #take(page: Page): void {
    const list = page.torrents ?? []
    const ids = list.map((t) => t.id)
    const known = this.#listener.ids
    const same = ids.length === known.length && ids.every((id, i) => id === known[i])
    this.problem = undefined
    this.from = page.offset ?? 0
    this.total = page.total ?? 0
    this.list = list
    this.#listener.ids = ids
    this.#listener.since = this.#revision = page.revision
    if (!same) renew(200)
    if (list.length === 0 && this.total > 0) this.see(Math.max(0, this.total - 40), this.total)
  }

  /** ids returns the ids of some rows, or of all of them. */
  async ids(first = 0, last = this.total - 1): Promise<number[]> {
    const end = this.from + this.list.length
    if (first >= this.from && last < end) return this.list.slice(first - this.from, last + 1 - this.from).map((t) => t.id)
    const all: number[] = []
    for (let offset = first; offset <= last; offset += 1000) {
      const page = (await call('get', '/torrents', { query: { ...query(this.#wish), offset, limit: Math.min(1000, last + 1 - offset), fields: ['id'] } })) as Page
      all.push(...(page.torrents ?? []).map((t) => t.id))
      if ((page.torrents ?? []).length === 0) break
    }
    return all
  }

  #heard(delta: Delta): void {
    if (delta.changed?.length) {
      const changed = new Map(delta.changed.map((t) => [t.id, t]))
      if (this.list.some((t) => changed.has(t.id))) this.list = this.list.map((t) => changed.get(t.id) ?? t)
    }
    const states = JSON.stringify([delta.totals?.torrents, delta.totals?.states])
    // The first totals are those of this list if nothing has changed since.
    const others = delta.totals !== undefined && states !== this.#states && (this.#states !== '' || delta.revision > this.#revision)
    if (delta.totals) this.#states = states
    if (delta.removed?.length || others) this.#soon(this.#wish.state || delta.removed?.length || this.total !== delta.totals?.torrents ? 150 : patience)
    else if (delta.changed?.length && (moving(this.#wish.sort) || this.#wish.state === 'active')) this.#soon(patience)
  }

  /** #soon asks anew after a time, and not more often than that. */
  #soon(after: number): void {
    if (this.#due !== undefined) return
    const wait = Math.max(150, after - (performance.now() - this.#asked))
    this.#due = setTimeout(() => {
      this.#due = undefined
      if (this.held) this.#soon(after)
      else void this.load()
    }, wait)
  }
}
