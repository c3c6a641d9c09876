import { address } from '../../../api/client.ts'
import type { Sort } from './columns.ts'

/** Wish is which torrents a list is of, in which order. */
export interface Wish {
  state?: string
  category?: string
  label?: string
  tracker?: string
  search?: string
  sort: Sort
  reverse: boolean
}

/** head is how many rows are asked for before anything is known. */
export const head = 100

/** query returns what the API is asked with. */
export function query(wish: Wish) {
  return {
    state: wish.state ? [wish.state] : undefined, category: wish.category, label: wish.label ? [wish.label] : undefined,
    tracker: wish.tracker, search: wish.search, sort: wish.sort, reverse: wish.reverse || undefined,
  }
}

/** firstPage returns the address of the first rows of a list. */
export function firstPage(wish: Wish, fields: string[]): string {
  return address('/torrents', {}, { ...query(wish), offset: 0, limit: head, fields })
}

/** keepFirst has early.js ask for the first rows next time, while the scripts come. */
export function keepFirst(wish: Wish, fields: string[]): void {
  if (wish.state || wish.category || wish.label || wish.tracker || wish.search) return
  try {
    localStorage.setItem('warren.first', firstPage(wish, fields))
  } catch { /* nothing can be kept: it is asked for as usual */ }
}
