/** Route is where one is: #/torrent/KEY/files?sort=size is path [torrent, KEY, files]. */
export interface Route {
  path: string[]
  query: URLSearchParams
}

/** parse reads the fragment of an address. What cannot be decoded stays as it is. */
export function parse(fragment: string): Route {
  const [path = '', query = ''] = fragment.replace(/^#?\/?/, '').split(/\?(.*)/s)
  return { path: path.split('/').filter((p) => p !== '').map(decoded), query: new URLSearchParams(query) }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** href returns the address of a page; what is empty in the query is left out. */
export function href(path: (string | number)[], query: Record<string, string | undefined> = {}): string {
  const search = new URLSearchParams(Object.entries(query).filter((pair): pair is [string, string] => !!pair[1]))
  return `#/${path.map(encodeURIComponent).join('/')}${search.size > 0 ? `?${search}` : ''}`
}
