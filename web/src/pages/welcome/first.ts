import { keep, kept } from '../../shell/look.svelte.ts'

const key = 'warren.welcome'

/** fresh tells whether nobody has seen the first steps in this browser. */
export function fresh(): boolean {
  return kept(key).seen !== true
}

/** begun remembers that somebody has. */
export function begun(): void {
  keep(key, { seen: true })
}
