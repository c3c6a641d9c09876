import type { Schemas } from '../../api/client.ts'

export type Setting = Schemas['Setting']
/** Value is what a setting is set to: null takes back what was set here. */
export type Value = string | number | boolean | string[] | null

/** groups are the parts of the page, each with what the keys of its settings begin with. */
export const groups = {
  files: ['paths', 'limits', 'queue', 'seeding'],
  peers: ['listen', 'peers', 'tracker'],
  network: ['network', 'looks'],
  itself: ['schedule', 'feeds', 'hooks'],
  programs: ['management', 'rpc', 'log', 'engine', 'stop-timeout'],
} as const
export type Group = keyof typeof groups

/** section is what the key of a setting begins with. */
export function section(key: string): string {
  return key.split('.')[0]!
}

/** groupOf returns where a setting is; what nobody has thought of is with programs. */
export function groupOf(key: string): Group {
  const found = (Object.keys(groups) as Group[]).find((g) => (groups[g] as readonly string[]).includes(section(key)))
  return found ?? 'programs'
}

/** sections puts settings that belong together side by side, in their order. */
export function sections(settings: Setting[]): { name: string; settings: Setting[] }[] {
  const by = new Map<string, Setting[]>()
  for (const one of settings) by.set(section(one.key), [...(by.get(section(one.key)) ?? []), one])
  return [...by].map(([name, list]) => ({ name, settings: list }))
}

/** found returns the settings that have all words of a text in what is said of them. */
export function found(settings: Setting[], text: string, label: (s: Setting) => string): Setting[] {
  const words = text.toLowerCase().split(/\s+/).filter((w) => w !== '')
  return settings.filter((s) => {
    const said = `${s.key} ${label(s)} ${s.help}`.toLowerCase()
    return words.every((w) => said.includes(w))
  })
}

/** typed is a value as it is typed. */
export function typed(value: unknown): string {
  return Array.isArray(value) ? value.join('\n') : value === null || value === undefined ? '' : String(value)
}

/** meant is the value that was typed for a setting. */
export function meant(setting: Setting, text: string): Value {
  if (setting.kind.startsWith('a list')) return text.split('\n').map((l) => l.trim()).filter((l) => l !== '')
  if (setting.kind === 'a number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  return text.trim()
}
