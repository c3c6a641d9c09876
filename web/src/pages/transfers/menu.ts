import { CheckCheck, Copy, Folder, FolderOpen, Pause, Play, Radio, ScanLine, Tag, Trash2 } from 'lucide'
import type { Torrent } from '../../live/live.svelte.ts'
import type { Values } from '../../i18n/message.ts'
import type { Item } from '../../ui/menu.ts'
import type { Action } from '../../torrents/act.ts'
import { queueing } from '../../torrents/queueing.ts'
import type en from '../../torrents/en.json'

/** Doing is what items of the menu of torrents do. */
export interface Doing {
  open: () => void
  run: (action: Action) => void
  placed: () => void // in the queue
  remove: () => void
  group: (what: 'category' | 'labels') => void
  all: () => void
}

/** actions returns what can be done with torrents, the first of which is known if it is seen. */
export function actions(t: (key: keyof typeof en, values?: Values) => string, first: Torrent | undefined, ids: number[], doing: Doing): Item[] {
  const n = ids.length
  const none = n === 0
  return [
    { name: t('open'), icon: FolderOpen, keys: '↵', disabled: n !== 1, run: doing.open },
    { name: t('resume'), icon: Play, apart: true, disabled: none, run: () => doing.run('resume') },
    { name: t('pause'), icon: Pause, disabled: none, run: () => doing.run('pause') },
    queueing(t, ids, doing.placed),
    { name: t('recheck'), icon: ScanLine, apart: true, disabled: none, run: () => doing.run('recheck') },
    { name: t('reannounce'), icon: Radio, disabled: none, run: () => doing.run('reannounce') },
    { name: t('category.set'), icon: Folder, apart: true, disabled: none, run: () => doing.group('category') },
    { name: t('labels.set'), icon: Tag, disabled: none, run: () => doing.group('labels') },
    { name: t('copy.key'), icon: Copy, disabled: n !== 1 || !first?.key, run: () => void navigator.clipboard.writeText(first?.key ?? '').catch(() => {}) },
    { name: t('all'), icon: CheckCheck, keys: 'Ctrl A', apart: true, run: doing.all },
    { name: t('remove'), icon: Trash2, apart: true, danger: true, disabled: none, keys: 'Del', run: doing.remove },
  ]
}
