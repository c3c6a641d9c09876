import type { IconNode } from 'lucide'

/** Item is a line of a menu: something that is done, with checked something on or off, or with items a menu of its own. */
export interface Item {
  name: string
  icon?: IconNode
  checked?: boolean
  radio?: boolean // one of several, rather than on or off
  keys?: string // what does the same on the keyboard, for people
  danger?: boolean
  disabled?: boolean
  apart?: boolean // a line is drawn before it
  stay?: boolean // the menu stays open
  run?: () => void
  items?: Item[] // which it shows instead
}

/** next returns which of the items that can be chosen the focus goes to for a key; undefined if to none. */
export function next(items: Item[], at: number, key: string): number | undefined {
  const open = items.flatMap((item, i) => (item.disabled ? [] : [i]))
  if (open.length === 0) return undefined
  const here = open.indexOf(at)
  switch (key) {
    case 'ArrowDown':
      return open[(here + 1) % open.length]
    case 'ArrowUp':
      return open[(Math.max(here, 0) - 1 + open.length) % open.length]
    case 'Home':
      return open[0]
    case 'End':
      return open.at(-1)
  }
  if (key.length !== 1 || key === ' ') return undefined
  const named = open.filter((i) => items[i]!.name.toLowerCase().startsWith(key.toLowerCase()))
  return named.find((i) => i > at) ?? named[0]
}
