let painted = false

/** isPainted reports whether the pages have been painted once. */
export const isPainted = () => painted

/** afterPaint calls what can wait until they have; what it returns calls that off. */
export function afterPaint(call: () => void): () => void {
  const frame = requestAnimationFrame(() =>
    setTimeout(() => {
      painted = true
      call()
    }),
  )
  return () => cancelAnimationFrame(frame)
}
