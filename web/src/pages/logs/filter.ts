import type { Schemas } from '../../api/client.ts'

type Line = Schemas['Line']

/** levels are how much a line matters, the least first. */
export const levels = ['debug', 'info', 'warn', 'error'] as const
export type Level = (typeof levels)[number]

/** filter returns the lines that matter at least so much, are of a part, and have a text in them. */
export function filter<L extends Line>(lines: L[], level: Level, part: string, text: string): L[] {
  const least = levels.indexOf(level)
  const sought = text.trim().toLowerCase()
  return lines.filter((line) => levels.indexOf(line.level) >= least && (part === '' || line.part === part) && (sought === '' || written(line).toLowerCase().includes(sought)))
}

/** parts returns the parts of the program that have written lines. */
export function parts(lines: Line[]): string[] {
  return [...new Set(lines.map((line) => line.part))].filter((p) => p !== '').sort()
}

/** written is a line as a text. */
export function written(line: Line): string {
  const attrs = (line.attrs ?? []).map((a) => `${a.key}=${a.value}`)
  return [line.time, line.level, `${line.part}:`, line.message, ...attrs].join(' ')
}
