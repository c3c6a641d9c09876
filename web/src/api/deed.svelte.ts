import { problemOf } from './asked.svelte.ts'
import type { Problem } from './client.ts'

/** Deed is something that a page has the node do: whether it goes on, and why it was refused. */
export class Deed {
  busy = $state(false)
  problem: Problem | undefined = $state.raw()

  /** run does it, unless it goes on already, and returns whether that was done. */
  async run(what: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    this.problem = undefined
    try {
      await what()
      return true
    } catch (err) {
      this.problem = problemOf(err)
      return false
    } finally {
      this.busy = false
    }
  }
}
