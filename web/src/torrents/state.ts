import { ArrowDown, ArrowUp, CircleAlert, CirclePause, Clock3, Hourglass, Radar, RefreshCw, ScanLine, Zap } from 'lucide'
import type { IconNode } from 'lucide'

/** State is what a torrent does, in a word of the API. */
export type State = 'starting' | 'checking' | 'metadata' | 'downloading' | 'seeding' | 'paused' | 'waiting' | 'queued' | 'failed'
/** Tone is what colour a state has; its icon and its word say the same. */
export type Tone = 'accent' | 'good' | 'warn' | 'bad' | 'quiet'

/** looks are how states are drawn. */
export const looks: Record<State | 'active', { icon: IconNode; tone: Tone }> = {
  starting: { icon: RefreshCw, tone: 'quiet' },
  checking: { icon: ScanLine, tone: 'warn' },
  metadata: { icon: Radar, tone: 'accent' },
  downloading: { icon: ArrowDown, tone: 'accent' },
  seeding: { icon: ArrowUp, tone: 'good' },
  paused: { icon: CirclePause, tone: 'quiet' },
  waiting: { icon: Hourglass, tone: 'warn' },
  queued: { icon: Clock3, tone: 'quiet' },
  failed: { icon: CircleAlert, tone: 'bad' },
  active: { icon: Zap, tone: 'accent' },
}

/** order is in which states are offered as filters. Those that are rare show once there is one. */
export const order: { state: State | 'active'; rare?: boolean }[] = [
  { state: 'active' }, { state: 'downloading' }, { state: 'seeding' }, { state: 'paused' },
  { state: 'queued', rare: true }, { state: 'waiting', rare: true }, { state: 'checking', rare: true },
  { state: 'metadata', rare: true }, { state: 'starting', rare: true }, { state: 'failed', rare: true },
]
