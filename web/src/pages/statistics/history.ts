import type { Schemas } from '../../api/client.ts'

export type Span = Schemas['Statistics']['span']
type Step = Schemas['StatisticsStep']

/** spans are how far back one can look, the shortest first. */
export const spans = ['hour', 'day', 'month', 'year', 'all'] as const satisfies readonly Span[]

/** Unit is what is added up: minutes of the clock, days of the calendar, weeks from Monday on. */
export type Unit = 'minute' | 'ten' | 'hour' | 'day' | 'week' | 'month'

/** units are what each span is drawn in, and what its table has. */
export const units: Record<Span, { drawn: Unit; told: Unit }> = {
  hour: { drawn: 'minute', told: 'ten' },
  day: { drawn: 'ten', told: 'hour' },
  month: { drawn: 'day', told: 'day' },
  year: { drawn: 'week', told: 'month' },
  all: { drawn: 'month', told: 'month' },
}

/** byUTC says that the node knows days of UTC alone. */
export const byUTC = (span: Span) => span === 'year' || span === 'all'

/** Part is what moved from one time on; nothing is known of it if the node did not run. */
export interface Part {
  at: Date
  received: number
  sent: number
  ran: boolean
}

/** begins returns when a unit begins that comes more units after the one with a time. */
export function begins(at: Date, unit: Unit, utc: boolean, more = 0): Date {
  const [year, month, day, weekday, minute] = utc
    ? [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), at.getUTCDay(), at.getUTCMinutes()]
    : [at.getFullYear(), at.getMonth(), at.getDate(), at.getDay(), at.getMinutes()]
  const make = (...date: [number, number, number]) => (utc ? new Date(Date.UTC(...date)) : new Date(...date))
  switch (unit) {
    case 'month': return make(year, month + more, 1)
    case 'week': return make(year, month, day - ((weekday + 6) % 7) + 7 * more)
    case 'day': return make(year, month, day + more)
    default: { // as long as they say: an hour that comes twice in autumn is two
      const long = { minute: 60_000, ten: 600_000, hour: 3_600_000 }[unit]
      const past = unit === 'hour' ? minute : unit === 'ten' ? minute % 10 : 0
      return new Date(Math.floor(at.getTime() / 60_000) * 60_000 - past * 60_000 + more * long)
    }
  }
}

/** parts adds steps up by units, one after the other from the first to the one with now. */
export function parts(steps: Step[], from: Date, now: Date, unit: Unit, utc: boolean): Part[] {
  const all = new Map<number, Part>()
  for (let at = begins(from, unit, utc); at <= now; at = begins(at, unit, utc, 1)) all.set(at.getTime(), { at, received: 0, sent: 0, ran: false })
  for (const step of steps) {
    const part = all.get(begins(new Date(step.at), unit, utc).getTime())
    if (!part) continue // the clocks of the node and of the browser differ
    part.received += step.received ?? 0
    part.sent += step.sent ?? 0
    part.ran = true
  }
  return [...all.values()]
}
