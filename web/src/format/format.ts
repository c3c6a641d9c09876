import { dates, numbers } from './intl.ts'

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']

function number(n: number, locale: string, digits: number): string {
  return numbers(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(n)
}

/** together keeps a figure before its unit, whose letters are Latin, where text runs from right to left: in locales with -x-rtl. */
function together(text: string, locale: string): string {
  return locale.endsWith('-x-rtl') ? `\u2066${text}\u2069` : text
}

/** bytes writes a size in three figures: 0 B, 812 B, 1.45 GB, 14.5 GB, 145 GB. */
export function bytes(n: number, locale = 'en', each = ''): string {
  let unit = 0
  let value = Math.max(0, n)
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return together(`${number(value, locale, digits)}\u00a0${units[unit]}${each}`, locale)
}

/** speed writes bytes a second. */
export function speed(n: number, locale = 'en'): string {
  return bytes(n, locale, '/s')
}

/** rate writes bytes a second; '' for nothing: a table of zeros is hard to read. */
export function rate(n: number, locale = 'en'): string {
  return n > 0 ? speed(n, locale) : ''
}

/** percent writes a share of 1, and never rounds up to 100 %. */
export function percent(share: number, locale = 'en'): string {
  const p = Math.floor(Math.min(1, Math.max(0, share)) * 1000) / 10
  return together(`${number(p, locale, p === 0 || p === 100 ? 0 : 1)}\u00a0%`, locale)
}

/** ratio writes how much was given for each byte. */
export function ratio(n: number, locale = 'en'): string {
  return number(n, locale, n >= 100 ? 0 : n >= 10 ? 1 : 2)
}

/** period writes seconds in the two largest units: 45 s, 3 min, 2 h 5 min, 4 d 7 h. */
export function period(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)}\u00a0s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes}\u00a0min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return minutes % 60 === 0 ? `${hours}\u00a0h` : `${hours}\u00a0h\u00a0${minutes % 60}\u00a0min`
  const days = Math.floor(hours / 24)
  if (days >= 365) return `${number(days / 365, 'en', days >= 3650 ? 0 : 1)}\u00a0y`
  return hours % 24 === 0 || days >= 30 ? `${days}\u00a0d` : `${days}\u00a0d\u00a0${hours % 24}\u00a0h`
}

/** when writes a time as a date, or as an hour if it is today. */
export function when(time: string | undefined, now: Date, locale = 'en'): string {
  if (!time) return ''
  const at = new Date(time)
  if (at.toDateString() === now.toDateString()) return dates(locale, { timeStyle: 'short' }).format(at)
  return dates(locale, { dateStyle: 'medium' }).format(at)
}

/** moment writes a time in full. */
export function moment(time: string | undefined, locale = 'en'): string {
  return time ? dates(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time)) : ''
}
