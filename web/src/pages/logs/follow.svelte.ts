import { address, type Schemas } from '../../api/client.ts'

export type LogLine = Schemas['Line'] & { number: number }

/** most is how many lines are kept. */
const most = 2000

/** Follower follows the log while a page shows it: the newest line first. */
export class Follower {
  lines: LogLine[] = $state.raw([])
  connected = $state(true)
  #number = 0
  #waiting: LogLine[] = []

  constructor() {
    $effect(() => {
      const source = new EventSource(address('/log/events', {}, { level: 'debug' }))
      source.onopen = () => {
        // The stream begins with all lines there are.
        this.#waiting = []
        this.lines = []
        this.connected = true
      }
      source.onerror = () => (this.connected = false)
      source.addEventListener('line', (e) => this.#waiting.push({ ...(JSON.parse((e as MessageEvent<string>).data) as Schemas['Line']), number: ++this.#number }))
      const timer = setInterval(() => this.#take(), 200)
      return () => {
        source.close()
        clearInterval(timer)
      }
    })
  }

  #take(): void {
    if (this.#waiting.length === 0) return
    this.lines = [...this.#waiting.reverse(), ...this.lines].slice(0, most)
    this.#waiting = []
  }
}
