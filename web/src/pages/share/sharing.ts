import { call, type Schemas } from '../../api/client.ts'

export type Draft = Schemas['Draft']
export type Finding = Schemas['ShareFinding']
export type Folder = Schemas['Folder']
export type Licence = Schemas['Licence']
export type Share = Schemas['Share']
/** Wish is how a draft is to be shared. */
export type Wish = Schemas['NewShare']

/** code is where the QR code of a share's link is. */
export const code = (id: string, which: 'private' | 'public') => `/api/v1/shares/${encodeURIComponent(id)}/qr/${which}`

/** shared returns a share. */
export const shared = (id: string, signal?: AbortSignal): Promise<Share> => call('get', '/shares/{id}', { path: { id }, signal })
