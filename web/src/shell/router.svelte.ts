import { href, parse, type Route } from './route.ts'

let now: Route = $state.raw(parse(location.hash))

/** route returns where one is. */
export function route(): Route {
  return now
}

addEventListener('hashchange', () => (now = parse(location.hash)))

/** go leads to a page; with replace, going back does not come here again. */
export function go(path: (string | number)[], query: Record<string, string | undefined> = {}, replace = false): void {
  const to = href(path, query)
  if (to === location.hash) return
  if (replace) {
    history.replaceState(null, '', to)
    now = parse(to)
  } else {
    location.hash = to
  }
}
