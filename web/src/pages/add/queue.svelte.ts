import { call, Problem, type Schemas } from '../../api/client.ts'
import { why } from '../../torrents/act.ts'
import { type Source } from './sources.ts'

/** Entry is a source and what came of it. */
export interface Entry {
  source: Source
  problem: string
  there: string // key of the torrent that was there already
  added: string // key of the torrent that was added
  passphrase: string // for a link that needs one
  preview?: Schemas['Preview'] // of a link, once it was looked at
}

/** Options are those of the form, as the API takes them. */
export type Options = Omit<Schemas['NewTorrent'], 'magnet' | 'url' | 'file' | 'link' | 'redeem' | 'passphrase'>

/** add adds what a source leads to, and writes down what came of it. */
export async function add(entry: Entry, options: Options): Promise<void> {
  entry.problem = entry.there = ''
  try {
    const torrent = await call('post', '/torrents', { body: { ...options, ...(await body(entry)) } })
    entry.added = torrent.key ?? ''
  } catch (err) {
    entry.problem = why(err)
    if (err instanceof Problem && err.kind === 'duplicate') entry.there = String(err.fields.find((f) => f.location === 'key')?.value ?? '')
  }
}

async function body({ source, passphrase }: Entry): Promise<Partial<Schemas['NewTorrent']>> {
  if (source.kind === 'share') return { link: source.text, redeem: true, ...(passphrase && { passphrase }) }
  if (source.file) return { file: await base64(source.file) }
  return source.kind === 'magnet' ? { magnet: source.text } : { url: source.text }
}

function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''))
    reader.onerror = () => reject(reader.error ?? new Error(file.name))
    reader.readAsDataURL(file)
  })
}
