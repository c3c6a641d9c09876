import type { Finding } from './sharing.ts'

/** Group is what files tell of one kind, file by file. */
export interface Group {
  kind: Finding['kind']
  removable: number
  files: { file: string; findings: Finding[] }[]
}

// What gives a person away most comes first.
const order: Finding['kind'][] = ['location', 'person', 'device', 'comment', 'thumbnail', 'time', 'software']

/** grouped sorts findings by their kind and file. */
export function grouped(findings: Finding[]): Group[] {
  return order.flatMap((kind) => {
    const files = new Map<string, Finding[]>()
    for (const one of findings) if (one.kind === kind) files.set(one.file, [...(files.get(one.file) ?? []), one])
    if (files.size === 0) return []
    return [{ kind, removable: [...files.values()].flat().filter((f) => f.removable).length, files: [...files].map(([file, list]) => ({ file, findings: list })) }]
  })
}
