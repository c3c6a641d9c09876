import type { components, paths } from './schema'

/** Schemas are the objects of the API, by their names in docs/openapi.json. */
export type Schemas = components['schemas']

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete'
type Prefixed<P> = P extends `/api/v1${infer Rest}` ? Rest : never
/** Path is the path of an operation below /api/v1. */
export type Path<V extends Verb> = { [P in keyof paths]: paths[P][V] extends undefined ? never : Prefixed<P> }[keyof paths]
type Operation<V extends Verb, P extends string> = `/api/v1${P}` extends keyof paths ? NonNullable<paths[`/api/v1${P}`][V]> : never

type Parameter<O, Where extends string> = O extends { parameters: Record<Where, infer T> } ? T : O extends { parameters: { [W in Where]?: infer T } } ? T : never
type BodyOf<O> = O extends { requestBody: { content: Record<string, infer B> } } ? B : O extends { requestBody?: { content: Record<string, infer B> } } ? B : never
type Success<R> = R extends { 200: infer A } ? A : R extends { 201: infer A } ? A : R extends { 202: infer A } ? A : unknown
type Answer<O> = O extends { responses: infer R } ? (Success<R> extends { content: { 'application/json': infer A } } ? A : undefined) : never

interface Loose {
  path?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  signal?: AbortSignal
}

/** Asking is what goes with a request. */
export interface Asking<O = unknown> {
  path?: Parameter<O, 'path'>
  query?: Partial<NonNullable<Parameter<O, 'query'>>>
  body?: BodyOf<O> | Blob
  signal?: AbortSignal
}

/**
 * Problem is an answer that refuses (RFC 9457): kind is the last word of its type, such
 * as not-found; message says why, for people. Without an answer, kind is offline.
 */
export class Problem extends Error {
  readonly kind: string
  readonly status: number
  readonly fields: { message?: string; location?: string; value?: unknown }[]

  constructor(kind: string, status: number, message: string, fields: Problem['fields'] = []) {
    super(message)
    this.kind = kind
    this.status = status
    this.fields = fields
  }
}

const prefix = '/api/v1'
let csrf: Promise<string> | undefined

/** token asks once for what changes must show: the page runs in the owner's browser. */
function token(): Promise<string> {
  csrf ??= send('GET', `${prefix}/session`, {}).then(async (answer) => ((await answer.json()) as Schemas['Session']).csrf ?? '')
  csrf.catch(() => (csrf = undefined))
  return csrf
}

/** call makes a request, and returns the body of its answer. It throws a Problem. */
export async function call<V extends Verb, P extends Path<V>>(verb: V, path: P, asking: Asking<Operation<V, P>> = {}): Promise<Answer<Operation<V, P>>> {
  const answer = await asked(verb, path, asking as Loose)
  const json = answer.headers.get('content-type')?.includes('json')
  return (json ? await answer.json() : undefined) as Answer<Operation<V, P>>
}

/** file makes a request that is answered with a file, and returns it under its name. It throws a Problem. */
export async function file<V extends Verb, P extends Path<V>>(verb: V, path: P, asking: Asking<Operation<V, P>> = {}): Promise<File> {
  const answer = await asked(verb, path, asking as Loose)
  const name = /filename="?([^";]+)/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? 'file'
  try {
    return new File([await answer.blob()], name)
  } catch {
    throw new Problem('offline', 0, 'The answer was broken off.')
  }
}

function asked(verb: string, path: string, { path: named, query, body, signal }: Loose): Promise<Response> {
  return retried(verb.toUpperCase(), address(path, named, query), { body, signal })
}

/** address returns the URL of a path with its parameters; lists are joined by commas. */
export function address(path: string, named: Record<string, unknown> = {}, query: Record<string, unknown> = {}): string {
  const at = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(named[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) continue
    search.set(name, String(value))
  }
  return prefix + at + (search.size > 0 ? `?${search}` : '')
}

/** retried sends a change once more if what it showed is void: the owner's key was changed. */
async function retried(verb: string, url: string, asking: Loose): Promise<Response> {
  if (verb === 'GET') return send(verb, url, asking)
  try {
    return await send(verb, url, asking, await token())
  } catch (err) {
    if (!(err instanceof Problem) || err.kind !== 'forbidden' || !err.message.includes('X-CSRF-Token')) throw err
    csrf = undefined
    return send(verb, url, asking, await token())
  }
}

async function send(verb: string, url: string, { body, signal }: Loose, shown?: string): Promise<Response> {
  const headers: Record<string, string> = {}
  if (shown) headers['X-CSRF-Token'] = shown
  if (body instanceof Blob) headers['Content-Type'] = body.type || 'application/octet-stream'
  else if (body !== undefined) headers['Content-Type'] = 'application/json'
  let answer: Response
  try {
    answer = await fetch(url, { method: verb, headers, signal, body: body instanceof Blob ? body : body === undefined ? undefined : JSON.stringify(body) })
  } catch (err) {
    if (signal?.aborted) throw err
    throw new Problem('offline', 0, 'The node does not answer.')
  }
  if (!answer.ok) throw await problem(answer)
  return answer
}

async function problem(answer: Response): Promise<Problem> {
  try {
    const said = (await answer.json()) as Schemas['ErrorModel']
    return new Problem(said.type?.split(':').pop() ?? 'unknown', answer.status, said.detail ?? said.title ?? answer.statusText, said.errors ?? [])
  } catch {
    return new Problem('unknown', answer.status, answer.statusText)
  }
}
