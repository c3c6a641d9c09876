import type { Schemas } from '../../../api/client.ts'

export type File = Schemas['File']
export type Priority = File['priority']

/** found returns the files whose path has all words, whatever their case. */
export function found(files: File[], search: string): File[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return files
  return files.filter((f) => {
    const path = f.path.toLowerCase()
    return words.every((w) => path.includes(w))
  })
}

/** split returns the folder of a path with its slash, and the name. */
export function split(path: string): [folder: string, name: string] {
  const at = path.lastIndexOf('/') + 1
  return [path.slice(0, at), path.slice(at)]
}

/** root returns the folder that all files lie in, with its slash; '' if there is none. */
export function root(files: File[]): string {
  const first = files[0]?.path ?? ''
  const folder = first.slice(0, first.indexOf('/') + 1)
  return files.every((f) => f.path.startsWith(folder)) ? folder : ''
}

/** patch returns what sets files to a priority, without those that have it. */
export function patch(files: File[], priority: Priority): Record<string, string> {
  return Object.fromEntries(files.filter((f) => f.priority !== priority).map((f) => [String(f.index), priority]))
}
