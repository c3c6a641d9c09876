import { ArrowDown, ArrowDownToLine, ArrowUp, ArrowUpToLine, ListOrdered } from 'lucide'
import type { Values } from '../i18n/message.ts'
import type { Item } from '../ui/menu.ts'
import { say } from '../ui/toasts.svelte.ts'
import { why } from './act.ts'
import { most, place, type Way } from './queue.ts'
import type en from './en.json'

const icons = { top: ArrowUpToLine, up: ArrowUp, down: ArrowDown, bottom: ArrowDownToLine }
type Words = (key: keyof typeof en, values?: Values) => string

/** queueing returns the item of a menu by which torrents get other places in the queue; done is called when they have. */
export function queueing(t: Words, ids: number[], done?: () => void): Item {
  const many = ids.length > most
  const ways = (Object.keys(icons) as Way[]).map((way) => ({ name: t(`queue.${way}`), icon: icons[way], apart: way === 'top', run: () => void send(t, way, ids).then(done) }))
  return { name: many ? t('queue.many', { n: most }) : t('queue'), icon: ListOrdered, disabled: many || ids.length === 0, items: ways }
}

async function send(t: Words, way: Way, ids: number[]): Promise<void> {
  try {
    const outcome = await place(way, ids)
    if (outcome.failed > 0) say(t('failed', { n: outcome.failed, why: outcome.why }), { kind: 'bad' })
    else if (outcome.done > 0) say(t('queue.moved', { n: outcome.done }))
    else say(t('queue.there', { n: ids.length }))
  } catch (err) {
    say(t('failed', { n: ids.length, why: why(err) }), { kind: 'bad' })
  }
}
