const ending = '.identity'

/** most is how many bytes a file of an identity has at most; the node takes no more. */
export const most = 3072

/** fileOf returns the file of an exported identity: data is what the node gives, as base64. */
export function fileOf(name: string, data: string): File {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0))
  return new File([bytes], fileName(name))
}

/** fileName returns what the file of an identity is called, without what no system takes in names. */
export function fileName(name: string): string {
  return name.replace(/[\p{C}<>:"/\\|?*]/gu, '-').replace(/^\./, '-') + ending
}

/** nameIn returns what an identity is probably called whose file has a name. */
export function nameIn(file: string): string {
  const name = file.endsWith(ending) ? file.slice(0, -ending.length) : file
  return name.replace(/ ?\(\d+\)$/, '').trim() // which browsers append
}

/** base64 returns a file as the node takes it. */
export async function base64(file: Blob): Promise<string> {
  return btoa(String.fromCharCode(...new Uint8Array(await file.arrayBuffer())))
}
