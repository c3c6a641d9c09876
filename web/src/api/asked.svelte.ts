import { Problem } from './client.ts'

/**
 * Asked is an answer of the node that a page shows: asked for when the page comes, when
 * what the question reads changes, and anew every so many seconds if the page is seen.
 * An answer stays while a later question fails; problem then says why.
 */
export class Asked<T> {
  value: T | undefined = $state.raw()
  problem: Problem | undefined = $state.raw()
  #turn = $state(0)

  /** Made while a component is. every gives seconds until the next time, 0 for never. */
  constructor(question: (signal: AbortSignal) => Promise<T>, every: (value: T | undefined) => number = () => 0) {
    $effect(() => {
      void this.#turn
      const ended = new AbortController()
      let timer: ReturnType<typeof setTimeout> | undefined
      const ask = async () => {
        try {
          this.value = await question(ended.signal)
          this.problem = undefined
        } catch (err) {
          if (ended.signal.aborted) return
          this.problem = problemOf(err)
        }
        wait()
      }
      const wait = () => {
        const seconds = every(this.value)
        if (seconds > 0 && !ended.signal.aborted) timer = setTimeout(() => (document.hidden ? wait() : void ask()), seconds * 1000)
      }
      void ask()
      return () => {
        ended.abort()
        clearTimeout(timer)
      }
    })
  }

  /** again asks once more, now. */
  again(): void {
    this.#turn++
  }
}

/** problemOf returns what has gone wrong as a Problem, whatever was thrown. */
export function problemOf(err: unknown): Problem {
  return err instanceof Problem ? err : new Problem('unknown', 0, err instanceof Error ? err.message : String(err))
}
