/** History is what a torrent did in the last seconds: one sample each, the newest last. */
export class History {
  readonly length: number
  down: number[] = []
  up: number[] = []

  constructor(length: number) {
    this.length = length
  }

  /** add adds a sample, and forgets the oldest if there are too many. */
  add(down: number, up: number): void {
    this.down.push(down)
    this.up.push(up)
    if (this.down.length > this.length) {
      this.down.shift()
      this.up.shift()
    }
  }

  /** top returns a round number that no sample is above, for the axis. */
  top(): number {
    return round(Math.max(1000, ...this.down, ...this.up))
  }
}

/** round returns the next 1, 2 or 5 times a power of ten. */
export function round(n: number): number {
  const power = 10 ** Math.floor(Math.log10(n))
  for (const step of [1, 2, 5, 10]) if (n <= step * power) return step * power
  return 10 * power
}

/** Cell is a square of the map of pieces: how much of it is there, and how many peers have what is missing. */
export interface Cell {
  have: number // 0 to 1
  peers: number // the least of the missing pieces; -1 if nothing is missing
}

/** cells puts pieces together so that there are no more squares than most. */
export function cells(count: number, have: Uint8Array, availability: number[], most: number): { cells: Cell[]; each: number } {
  const each = Math.max(1, Math.ceil(count / Math.max(1, most)))
  const list: Cell[] = []
  for (let from = 0; from < count; from += each) {
    const end = Math.min(count, from + each)
    let there = 0
    let peers = -1
    for (let i = from; i < end; i++) {
      if ((have[i >> 3]! >> (7 - (i & 7))) & 1) there++
      else peers = peers < 0 ? (availability[i] ?? 0) : Math.min(peers, availability[i] ?? 0)
    }
    list.push({ have: there / (end - from), peers })
  }
  return { cells: list, each }
}
