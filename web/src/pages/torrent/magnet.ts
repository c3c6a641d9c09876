import type { Torrent } from '../../live/live.svelte.ts'

/** magnet returns the magnet link of a torrent (BEP 9), of both versions if it has both. */
export function magnet(torrent: Pick<Torrent, 'v1' | 'v2' | 'name'>): string {
  const topics = [torrent.v1 && `xt=urn:btih:${torrent.v1}`, torrent.v2 && `xt=urn:btmh:1220${torrent.v2}`].filter(Boolean)
  return `magnet:?${[...topics, torrent.name && `dn=${encodeURIComponent(torrent.name)}`].filter(Boolean).join('&')}`
}
