/** Source is something that torrents come from. */
export interface Source {
  kind: 'magnet' | 'web' | 'share' | 'file' | 'odd'
  text: string // the link, or the name of the file
  name: string // for people
  file?: File
}

/**
 * read finds links in a text: magnet links, addresses of torrent files, share links of
 * warren, and bare info-hashes, which become magnet links.
 */
export function read(text: string): Source[] {
  const seen = new Set<string>()
  return text.split(/\s+/).flatMap((word) => {
    if (word === '' || seen.has(word)) return []
    seen.add(word)
    return [source(word)]
  })
}

function source(word: string): Source {
  if (/^magnet:\?/i.test(word)) return { kind: 'magnet', text: word, name: named(word) }
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64}|[a-z2-7]{32})$/i.test(word)) {
    const topic = word.length === 64 ? `urn:btmh:1220${word}` : `urn:btih:${word}`
    return { kind: 'magnet', text: `magnet:?xt=${topic}`, name: word }
  }
  if (/^https:\/\/[^/]+\/(?:private|public)\/[\w-]{22}(?:\/[\w-]+)?#/.test(word)) return { kind: 'share', text: word, name: new URL(word).host }
  if (/^https?:\/\/[^/]/i.test(word)) return { kind: 'web', text: word, name: word }
  return { kind: 'odd', text: word, name: word }
}

/** named returns what a magnet link is called. */
function named(link: string): string {
  const query = new URLSearchParams(link.slice(link.indexOf('?') + 1))
  return query.get('dn') || (query.get('xt') ?? '').split(':').pop() || link
}

/** ofFiles returns torrent files as sources; what else there is is odd. */
export function ofFiles(files: Iterable<File>): Source[] {
  return [...files].map((file) => ({
    kind: file.name.toLowerCase().endsWith('.torrent') || file.type === 'application/x-bittorrent' ? 'file' : 'odd', text: file.name, name: file.name.replace(/\.torrent$/i, ''), file,
  }))
}

/** words splits what somebody has typed at commas. */
export function words(text: string): string[] {
  return [...new Set(text.split(',').map((w) => w.trim()).filter(Boolean))]
}
