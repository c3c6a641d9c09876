/** Early is what early.js has asked for while the scripts came. */
interface Early {
  url: string
  body?: unknown // once it is there
  arrives: Promise<unknown> // the same, undefined if it fails
}

const page = globalThis as { early?: Early }

/** awaitEarly waits for that and until it is painted, but not for long: the frame is better than nothing. */
export async function awaitEarly(): Promise<void> {
  const patience = new Promise((done) => setTimeout(done, 200))
  await Promise.race([page.early?.arrives, patience])
  if (page.early?.body) await Promise.race([new Promise((done) => requestAnimationFrame(() => setTimeout(done))), patience])
}

/** early returns what was asked of an address before the page began, once. */
export function early(url: string): Early | undefined {
  const asked = page.early
  page.early = undefined
  return asked?.url === url ? asked : undefined
}
