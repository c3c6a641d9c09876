const key = 'warren.look'

/** Look is how the owner wants to see the pages; it stays in this browser. */
export interface Look {
  theme: '' | 'light' | 'dark'
  contrast: '' | 'more' | 'normal'
  density: '' | 'dense'
  locale: string
  dir: 'ltr' | 'rtl'
}

/** look is kept when it is changed, and shown at once. */
export const look: Look = $state({ theme: '', contrast: '', density: '', locale: 'en', dir: 'ltr', ...kept(key) })

/** follow has the page look as it is chosen; called once, by the shell. */
export function follow(): void {
  $effect(() => {
    keep(key, look)
    const { dataset } = document.documentElement
    for (const name of ['theme', 'contrast', 'density'] as const) {
      if (look[name]) dataset[name] = look[name]
      else delete dataset[name]
    }
  })
}

/** kept returns what was kept in this browser, {} if there is nothing. */
export function kept(name: string): Record<string, unknown> {
  try {
    return JSON.parse(localStorage.getItem(name) ?? '{}') as Record<string, unknown>
  } catch {
    return {}
  }
}

/** keep keeps a value in this browser, if it lets us. */
export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(value))
  } catch {
    // private windows keep nothing: the choice holds until the page is closed
  }
}
