import { call } from '../../api/client.ts'
import { live } from '../../live/live.svelte.ts'

/** most is how many seconds are kept. */
const most = 600

/** Rates are how fast the node was: second by second while a page looks, before that as it remembers. */
export class Rates {
  seen = $state.raw({ times: [] as number[], down: [] as number[], up: [] as number[] })

  constructor() {
    $effect(() => {
      const timer = setInterval(() => this.#look(), 1000)
      const ended = new AbortController()
      void this.#recall(ended.signal)
      return () => {
        clearInterval(timer)
        ended.abort()
      }
    })
  }

  async #recall(signal: AbortSignal): Promise<void> {
    try {
      const { steps, step } = await call('get', '/statistics', { query: { span: 'hour' }, signal })
      const before = steps.slice(-most / step - 1, -1) // the last one goes on
      const { times, down, up } = this.seen
      this.seen = {
        times: [...before.map((s) => new Date(s.at).getTime() / 1000 + step / 2), ...times],
        down: [...before.map((s) => (s.received ?? 0) / step), ...down],
        up: [...before.map((s) => (s.sent ?? 0) / step), ...up],
      }
    } catch {
      // then the chart begins now
    }
  }

  #look(): void {
    const add = (list: number[], n: number) => [...list.slice(-most + 1), n]
    const { times, down, up } = this.seen
    const { down_rate = 0, up_rate = 0 } = live.totals ?? {}
    this.seen = { times: add(times, Math.floor(Date.now() / 1000)), down: add(down, down_rate), up: add(up, up_rate) }
  }
}
