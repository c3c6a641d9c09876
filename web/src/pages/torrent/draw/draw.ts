import type { Cell, History } from './history.ts'

/** tokens returns colours of the page by their names. */
export function tokens(element: Element, ...names: string[]): string[] {
  // The browser resolves light-dark() for properties that take colours alone.
  const probe = document.createElement('i')
  element.append(probe)
  const colours = names.map((name) => {
    probe.style.color = `var(--${name})`
    return getComputedStyle(probe).color
  })
  probe.remove()
  return colours
}

/** sharp makes a canvas as fine as the screen, and returns what draws in CSS pixels. */
export function sharp(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | undefined {
  const scale = devicePixelRatio || 1
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  const c = canvas.getContext('2d') ?? undefined
  c?.scale(scale, scale)
  return c
}

/** graph draws two rates over time. */
export function graph(canvas: HTMLCanvasElement, width: number, height: number, history: History, rtl: boolean): void {
  const c = sharp(canvas, width, height)
  if (!c) return
  const [down, up, line] = tokens(canvas.parentElement!, 'accent', 'good', 'line') as [string, string, string]
  const top = history.top()
  const step = width / (Math.max(60, history.down.length) - 1)
  const y = (v: number) => height - 1 - (v / top) * (height - 4)
  c.strokeStyle = line
  for (const share of [0.25, 0.5, 0.75, 1]) {
    c.beginPath()
    c.moveTo(0, Math.round(y(top * share)) + 0.5)
    c.lineTo(width, Math.round(y(top * share)) + 0.5)
    c.stroke()
  }
  for (const [values, colour, filled] of [[history.up, up, false], [history.down, down, true]] as const) {
    const x = (i: number) => {
      const at = width - (values.length - 1 - i) * step
      return rtl ? width - at : at
    }
    if (values.length === 0) continue
    c.beginPath()
    values.forEach((v, i) => (i === 0 ? c.moveTo(x(i), y(v)) : c.lineTo(x(i), y(v))))
    c.strokeStyle = colour
    c.lineWidth = 2
    c.lineJoin = 'round'
    c.stroke()
    if (!filled) continue
    c.lineTo(x(values.length - 1), height)
    c.lineTo(x(0), height)
    c.globalAlpha = 0.12
    c.fillStyle = colour
    c.fill()
    c.globalAlpha = 1
  }
}

/** map draws squares of pieces, and returns how high it became. */
export function map(canvas: HTMLCanvasElement, width: number, list: Cell[], size: number, rtl: boolean): number {
  const gap = size > 6 ? 2 : 1
  const across = Math.max(1, Math.floor((width + gap) / (size + gap)))
  const height = Math.max(1, Math.ceil(list.length / across)) * (size + gap) - gap
  canvas.style.height = `${height}px`
  const c = sharp(canvas, width, height)
  if (!c) return height
  const [there, missing, scarce, bad] = tokens(canvas.parentElement!, 'accent', 'edge', 'warn', 'bad') as [string, string, string, string]
  list.forEach((cell, i) => {
    const column = i % across
    const x = rtl ? width - (column + 1) * (size + gap) + gap : column * (size + gap)
    const y = Math.floor(i / across) * (size + gap)
    c.globalAlpha = cell.peers === 0 ? 0.55 : 0.35
    c.fillStyle = cell.peers > 1 ? missing : cell.peers === 1 ? scarce : bad
    if (cell.have < 1) c.fillRect(x, y, size, size)
    c.globalAlpha = 1
    c.fillStyle = there
    const part = Math.round(size * cell.have)
    if (cell.have > 0) c.fillRect(x, y + size - Math.max(1, part), size, Math.max(1, part))
  })
  return height
}
