/** Toast is a short message at the edge of the page; actions can be taken back with it. */
export interface Toast {
  id: number
  text: string
  kind: 'good' | 'bad'
  action?: { name: string; run: () => void }
}

const shown: Toast[] = $state([])
let last = 0

/** toasts are those that are shown, the oldest first. */
export function toasts(): Toast[] {
  return shown
}

/** say shows a message; one that something has gone wrong stays until it is closed. */
export function say(text: string, options: { kind?: Toast['kind']; action?: Toast['action'] } = {}): void {
  const toast: Toast = { id: ++last, text, kind: options.kind ?? 'good', action: options.action }
  shown.push(toast)
  if (shown.length > 4) shown.shift()
  if (toast.kind === 'good') setTimeout(() => hush(toast.id), toast.action ? 10_000 : 5_000)
}

/** hush takes a message away. */
export function hush(id: number): void {
  const i = shown.findIndex((t) => t.id === id)
  if (i >= 0) shown.splice(i, 1)
}
