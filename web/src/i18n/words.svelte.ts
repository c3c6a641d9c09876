import { fill, pseudo, type Catalogue, type Message, type Values } from './message.ts'
import { look } from '../shell/look.svelte.ts'

/** Locale is a language that the pages can be shown in. */
export interface Locale {
  code: string
  name: string
  dir: 'ltr' | 'rtl'
  intl: string // for numbers, dates and plurals
  load?: () => Promise<Record<string, Catalogue>>
}

/** locales are all of them. The last is for whoever works on the pages: see message.ts. */
export const locales: Locale[] = [
  { code: 'en', name: 'English', dir: 'ltr', intl: 'en' },
  { code: 'ar-XB', name: 'Pseudo, right to left', dir: 'rtl', intl: 'en-x-rtl' },
]

const state = $state({ locale: locales[0]!, loaded: {} as Record<string, Catalogue> })

/** locale returns the language of the pages. */
export function locale(): Locale {
  return state.locale
}

/** speak shows the pages in a language. */
export async function speak(code: string): Promise<void> {
  const next = locales.find((l) => l.code === code) ?? locales[0]!
  state.loaded = (await next.load?.()) ?? {}
  state.locale = next
  look.locale = next.code
  look.dir = next.dir
  document.documentElement.lang = next.code
  document.documentElement.dir = next.dir
}

/**
 * words returns what puts messages of a part into words, in the language that is chosen.
 * English is where keys come from, and what is shown where another language lacks one.
 */
export function words<C extends Catalogue>(part: string, en: C): (key: keyof C & string, values?: Values) => string {
  return (key, values = {}) => {
    const { locale, loaded } = state
    let message: Message = loaded[part]?.[key] ?? en[key]!
    if (locale.code === 'ar-XB') message = pseudo(message)
    return fill(message, values, locale.intl)
  }
}
