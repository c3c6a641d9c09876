// To make a format takes the browser as long as to make a row of a table, so each is made once.
const made = new Map<string, unknown>()

function once<T>(kind: new (locale: string, options: object) => T, locale: string, options: object): T {
  const key = kind.name + locale + JSON.stringify(options)
  let one = made.get(key) as T | undefined
  if (!one) made.set(key, (one = new kind(locale, options)))
  return one
}

/** numbers returns what writes numbers. */
export const numbers = (locale: string, options: Intl.NumberFormatOptions = {}) => once(Intl.NumberFormat, locale, options)

/** dates returns what writes dates and times. */
export const dates = (locale: string, options: Intl.DateTimeFormatOptions) => once(Intl.DateTimeFormat, locale, options)

/** plurals returns what tells one from many. */
export const plurals = (locale: string) => once(Intl.PluralRules, locale, {})

/** collators returns what puts names in order, as people count: 2 before 10. */
export const collators = (locale: string) => once(Intl.Collator, locale, { numeric: true })
