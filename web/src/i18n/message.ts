import { numbers, plurals } from '../format/intl.ts'

/** Message is a text with {names} in it, or one for each plural form of {n}. */
export type Message = string | { [form: string]: string }
/** Catalogue is the messages of one part of the pages, in one language. */
export type Catalogue = Record<string, Message>
/** Values are what names in a message stand for. */
export type Values = Record<string, string | number>

/** fill returns a message in words; numbers are written as the language does. */
export function fill(message: Message, values: Values, locale: string): string {
  let text = message
  if (typeof text !== 'string') {
    const form = plurals(locale).select(Number(values.n))
    text = text[form] ?? text.other ?? ''
  }
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return typeof value === 'number' ? numbers(locale).format(value) : value
  })
}

const accents: Record<string, string> = { a: 'à', e: 'ë', i: 'ï', o: 'ô', u: 'û', c: 'ç', n: 'ñ', s: 'š', A: 'Å', E: 'É', I: 'Î', O: 'Ö', U: 'Ü', C: 'Ç', N: 'Ñ', S: 'Š' }

/**
 * pseudo returns a message of the pseudo-locale: English that is longer, has accents, and
 * runs from right to left. What is not changed on a page was not put into a catalogue.
 */
export function pseudo(message: Message): Message {
  if (typeof message !== 'string') return Object.fromEntries(Object.entries(message).map(([form, text]) => [form, pseudo(text) as string]))
  const parts = message.split(/(\{\w+\}|\s+)/).map((part) => {
    if (part === '' || part.startsWith('{') || /^\s/.test(part)) return part
    return `\u202e${part.replace(/[a-zA-Z]/g, (c) => accents[c] ?? c)}\u202c`
  })
  return `\u2067${parts.join('')} ·\u2069`
}
