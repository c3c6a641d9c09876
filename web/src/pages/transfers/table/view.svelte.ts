import { keep, kept } from '../../../shell/look.svelte.ts'
import { usual, type Sort } from './columns.ts'

const key = 'warren.transfers'

/** view is how the table is looked at; it stays in this browser. */
export const view: { columns: string[]; sort: Sort; reverse: boolean; filters: boolean } = $state({
  columns: usual, sort: 'added', reverse: true, filters: true, ...kept(key),
})

/** keepView keeps it; called once, by the page. */
export function keepView(): void {
  $effect(() => keep(key, view))
}
