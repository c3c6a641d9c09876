import type { Schemas } from '../../api/client.ts'

/** reached says in a word whether others can connect. */
export function reached(r: Schemas['Reachability']): 'yes' | 'probably' | 'no' | 'unknown' | 'asking' | 'closed' {
  const families = [r.ipv4, r.ipv6]
  if (families.some((f) => f.state === 'yes')) return 'yes'
  if (families.some((f) => f.state === 'probably')) return 'probably'
  if (families.some((f) => f.cause === 'asking')) return 'asking'
  if (families.every((f) => f.cause === 'closed')) return 'closed'
  return families.some((f) => f.state === 'unproven') ? 'no' : 'unknown'
}
