import { go } from './router.svelte.ts'

/** arrivals are files and links that were dropped on a page, or pasted into it, until the page for adding takes them. */
export const arrivals: { files: File[]; text: string } = $state({ files: [], text: '' })

/** arrive leads to the page for adding, with what has come. */
export function arrive(files: File[], text: string): void {
  arrivals.files.push(...files)
  arrivals.text = [arrivals.text, text].filter(Boolean).join('\n')
  go(['add'])
}

/** links returns the lines of a text that are links which can be added. */
export function links(text: string): string {
  return text.split(/\s+/).filter((word) => /^(?:magnet:\?|https?:\/\/)/i.test(word)).join('\n')
}
