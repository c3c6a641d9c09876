interface Policy {
  createScriptURL(url: string): string
}

interface Types {
  createPolicy(name: string, rules: Policy): Policy
}

const worker = './sw.js'
const calm = 3000 // ms after which the page has what it shows

/**
 * keepFrame has the browser keep the frame of the pages, so that they open while the node
 * is away. It is the one use of Trusted Types: the policy lets this one script be a worker.
 */
export function keepFrame(): void {
  if (import.meta.env.DEV || !navigator.serviceWorker) return // browsers have it where nobody can read along
  const types = (window as { trustedTypes?: Types }).trustedTypes
  const rules = { createScriptURL: (url: string) => (url === worker ? url : '') }
  const url = types ? types.createPolicy('warren-worker', rules).createScriptURL(worker) : worker
  setTimeout(() => void navigator.serviceWorker.register(url).then(() => tell()).catch(() => undefined), calm)
}

/** tell has the worker keep the files that were loaded, and those that will be. */
async function tell(): Promise<void> {
  const { active } = await navigator.serviceWorker.ready
  new PerformanceObserver((list) => {
    const files = list.getEntries().map((e) => e.name).filter((file) => file.startsWith(new URL('./assets/', location.href).href))
    if (files.length > 0) active?.postMessage(files)
  }).observe({ type: 'resource', buffered: true })
}
