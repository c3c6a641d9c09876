import type { Share, Wish } from './sharing.ts'

/** Form is what the page about a share asks for, as it is typed. */
export interface Form {
  title: string
  description: string
  tags: string
  licence: string // an SPDX id, '' for none, own for what is in licenceText
  licenceText: string
  author: string
  source: string
  created: string
  derived: string
  lasts: '' | '1' | '7' | '30' | 'date' // days
  until: string // a date, if lasts is date
  uses: string // '' for any number
  passphrase: string
  direct: boolean
  identity: string
  confirmed: boolean
}

/** own is the licence that is a text. */
export const own = 'own'

/** licences are those that are offered, by their SPDX ids. */
export const licences = ['CC0-1.0', 'CC-BY-4.0', 'CC-BY-SA-4.0', 'CC-BY-NC-4.0', 'CC-BY-NC-ND-4.0', 'MIT', 'Apache-2.0', 'GPL-3.0-or-later']

/** directLimit is how large files may be that browsers download, in bytes. */
export const directLimit = 100_000_000

/** blank is a form that nobody has filled in. */
export function blank(title: string): Form {
  return {
    title, description: '', tags: '', licence: '', licenceText: '', author: '', source: '', created: '', derived: '',
    lasts: '', until: '', uses: '', passphrase: '', direct: false, identity: '', confirmed: false,
  }
}

/** Missing are the fields that have to be looked at again, and what is wrong with each. */
export type Missing = Partial<Record<keyof Form, 'needed' | 'number' | 'past'>>

/** missing says what a form lacks; changed is true if a share is changed, which was confirmed. */
export function missing(form: Form, now: Date, changed = false): Missing {
  const wrong: Missing = {}
  if (form.title.trim() === '') wrong.title = 'needed'
  if (form.licence === own && form.licenceText.trim() === '') wrong.licenceText = 'needed'
  if (form.lasts === 'date' && form.until === '') wrong.until = 'needed'
  else if (form.lasts === 'date' && endOf(form.until) <= now) wrong.until = 'past'
  if (form.uses.trim() !== '' && !/^[1-9]\d{0,5}$/.test(form.uses.trim()) && !(changed && form.uses === '0')) wrong.uses = 'number'
  if (!form.confirmed && !changed) wrong.confirmed = 'needed'
  return wrong
}

/** endOf is the end of a day, in the time of this browser. */
function endOf(date: string): Date {
  return new Date(`${date}T23:59:59`)
}

/** words returns tags: what is between commas, each once. */
export function words(tags: string): string[] {
  return [...new Set(tags.split(',').map((t) => t.trim()).filter((t) => t !== ''))]
}

/** wish says what a form asks of the node. */
export function wish(form: Form, strip: boolean, now: Date): Wish {
  const day = 86_400_000
  const until = form.lasts === 'date' ? endOf(form.until) : form.lasts ? new Date(now.getTime() + Number(form.lasts) * day) : undefined
  return {
    identity: form.identity, title: form.title.trim(), description: form.description.trim(), tags: words(form.tags),
    licence: form.licence === own ? { id: '', text: form.licenceText.trim() } : { id: form.licence, text: '' },
    provenance: { author: form.author.trim(), source: form.source.trim(), created: form.created, derived: form.derived.trim() },
    confirmed: form.confirmed, strip, ...(until && { expires: until.toISOString() }), uses: Number(form.uses.trim() || 0),
    passphrase: form.passphrase, direct: form.direct, direct_limit: form.direct ? directLimit : 0, publish: false,
  }
}

/** filled is the form of a share as it is. Its passphrase is known to nobody. */
export function filled(share: Share): Form {
  const { id = '', text = '' } = share.licence
  const { author = '', source = '', created = '', derived = '' } = share.provenance
  const said = text !== '' && !licences.includes(id)
  return {
    ...blank(share.title), description: share.description ?? '', tags: (share.tags ?? []).join(', '),
    licence: said ? own : id, licenceText: said ? text : '',
    author, source, created: created.slice(0, 10), derived,
    lasts: share.expires ? 'date' : '', until: share.expires ? share.expires.slice(0, 10) : '', uses: share.uses_left < 0 ? '' : String(share.uses_left),
    direct: share.direct, identity: share.identity, confirmed: true,
  }
}

/** changes says what is different from how a share is now. */
export function changes(form: Form, before: Form, now: Date): Partial<Wish> {
  const [next, last] = [wish(form, false, now), wish(before, false, now)]
  const names = ['title', 'description', 'tags', 'licence', 'provenance', 'expires', 'uses', 'passphrase', 'direct', 'direct_limit'] as const
  // No use that is left is not the same as any number, though both are 0 as a wish.
  const different = names.filter((name) => (name === 'uses' ? form.uses !== before.uses : JSON.stringify(next[name]) !== JSON.stringify(last[name])))
  return Object.fromEntries(different.map((name) => [name, next[name] ?? ''])) as Partial<Wish>
}
