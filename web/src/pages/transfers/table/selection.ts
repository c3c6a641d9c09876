/** Choice is which rows are chosen: their ids, where the keyboard is, and from where shift counts. */
export interface Choice {
  ids: ReadonlySet<number>
  at: number // index of the row the keyboard is on, -1 before there was any
  anchor: number
}

/** nothing is chosen. */
export const nothing: Choice = { ids: new Set(), at: -1, anchor: -1 }

/** only chooses one row and no other. */
export function only(at: number, id: number): Choice {
  return { ids: new Set([id]), at, anchor: at }
}

/** toggled chooses one more row, or one less. */
export function toggled(choice: Choice, at: number, id: number): Choice {
  const ids = new Set(choice.ids)
  if (!ids.delete(id)) ids.add(id)
  return { ids, at, anchor: at }
}

/** ranged chooses the rows from the anchor to one; with more, those that were chosen stay. */
export function ranged(choice: Choice, at: number, between: number[], more = false): Choice {
  return { ids: new Set(more ? [...choice.ids, ...between] : between), at, anchor: choice.anchor < 0 ? at : choice.anchor }
}

/** span returns the first and last index between the anchor and a row. */
export function span(choice: Choice, at: number): [number, number] {
  const from = choice.anchor < 0 ? at : choice.anchor
  return [Math.min(from, at), Math.max(from, at)]
}

/** moved returns the index a key leads to in a list, undefined for keys that lead nowhere. */
export function moved(at: number, key: string, total: number, page: number): number | undefined {
  if (total === 0) return undefined
  const last = total - 1
  const steps: Record<string, number> = {
    ArrowDown: at + 1, ArrowUp: at < 0 ? 0 : at - 1, PageDown: Math.max(at, 0) + page, PageUp: at - page, Home: 0, End: last,
  }
  const to = steps[key]
  return to === undefined ? undefined : Math.max(0, Math.min(last, to))
}

/** still keeps the keyboard on its torrent when the list was asked anew, and drops what is gone. */
export function still(choice: Choice, id: number | undefined, from: number, ids: number[], total: number): Choice {
  const there = id === undefined ? -1 : ids.indexOf(id)
  const at = there >= 0 ? from + there : Math.min(choice.at, total - 1)
  return { ids: choice.ids, at, anchor: choice.anchor === choice.at ? at : Math.min(choice.anchor, total - 1) }
}

/** without drops torrents that are gone. */
export function without(choice: Choice, gone: Iterable<number>): Choice {
  const ids = new Set(choice.ids)
  for (const id of gone) ids.delete(id)
  return ids.size === choice.ids.size ? choice : { ...choice, ids }
}
