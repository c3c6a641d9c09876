// What the scripts beside it have in common: node SCRIPT.mjs MODULES URL [SHOTS] drives the
// pages of a node at URL, the owner's, in Debian's Chromium, with the modules of e2e/npm.
// Pictures go to the folder SHOTS if it is named. What is wrong is printed, a line each, and
// ends the script with 1.
import { readFileSync, mkdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

export const [modules, url, shots] = process.argv.slice(2)
export const base = new URL(url).origin
const { chromium } = await import(pathToFileURL(`${modules}/playwright-core/index.mjs`))
const axeSource = readFileSync(`${modules}/axe-core/axe.min.js`, 'utf8')
if (shots) mkdirSync(shots, { recursive: true })

export const desktop = { width: 1280, height: 800 }
export const phone = { width: 390, height: 844 }

let wrong = 0
// bad notes that something is wrong.
export function bad(...words) {
  wrong++
  console.log('WRONG:', ...words)
}

export const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--js-flags=--expose-gc'],
})

// end closes the browser, and says how it went.
export async function end() {
  await browser.close()
  process.exit(wrong > 0 ? 1 : 0)
}

// visit opens a tab that is signed in. All that the policy of the page refuses, errors, and
// requests that leave the node are wrong,
// but what the node refuses of addresses like allow.
export async function visit({ size = desktop, dark = false, look, name = '', path = '#/transfers', init, allow } = {}) {
  const small = size.width < 600
  const context = await browser.newContext({ viewport: size, isMobile: small, hasTouch: small, colorScheme: dark ? 'dark' : 'light', deviceScaleFactor: small ? 2 : 1 })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  page.on('pageerror', (err) => bad(name, 'error:', err.message))
  page.on('console', (m) => m.type() === 'error' && !allow?.test(m.location().url) && bad(name, 'console:', m.text(), m.location().url))
  page.on('request', (q) => new URL(q.url()).origin === base || /^(blob|data):/.test(q.url()) || bad(name, 'leaves the node:', q.url()))
  await page.addInitScript(() => document.addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.effectiveDirective} ${e.blockedURI} ${e.sample}`)))
  if (look) await page.addInitScript((l) => localStorage.getItem('warren.look') || localStorage.setItem('warren.look', JSON.stringify(l)), look)
  if (init) await page.addInitScript(init)
  await page.goto(url)
  await go(page, path)
  return page
}

// go leads to a page and waits for its words.
export async function go(page, path) {
  await page.goto(`${base}/${path}`)
  await page.locator('main h1, main h2').first().waitFor({ state: 'attached' })
}

// axe looks for what keeps people out.
export async function axe(page, name) {
  await page.evaluate(`${axeSource};0`)
  const violations = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }).then((r) => r.violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.map((n) => n.html.slice(0, 160) + ' — ' + (n.any[0]?.message ?? n.all[0]?.message ?? n.none[0]?.message)).slice(0, 3).join(' | ')}`)))
  for (const v of violations) bad(name, 'axe:', v)
  return violations.length
}

// shot takes a picture.
export async function shot(page, name) {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
}

// ask makes a request to the API as the page does.
export function ask(page, method, path, body) {
  return page.evaluate(async ([method, path, body]) => {
    const session = await (await fetch('/api/v1/session')).json()
    const answer = await fetch(`/api/v1${path}`, { method, headers: { 'X-CSRF-Token': session.csrf, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) })
    const text = await answer.text()
    return text ? JSON.parse(text) : null
  }, [method, path, body])
}

// keyboard returns what works on a page without a mouse: focused says what has the focus, as
// it is called; tabTo presses Tab until something has it, and every stop must be seen; press
// presses a key on that.
export function keyboard(page) {
  const focused = () => page.evaluate(() => {
    const e = document.activeElement
    return (e?.getAttribute('aria-label') || e?.labels?.[0]?.textContent || e?.textContent || e?.tagName || '').trim()
  })
  async function tabTo(wanted) {
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press('Tab')
      const seen = await page.evaluate(() => {
        const e = document.activeElement
        if (!e || e === document.body) return true
        const ring = (of) => getComputedStyle(of).outlineStyle !== 'none' && parseFloat(getComputedStyle(of).outlineWidth) > 0
        const inside = e.getAttribute('aria-activedescendant')
        return ring(e) || (inside && ring(document.getElementById(inside)))
      })
      if (!seen) bad('the focus cannot be seen on', await focused())
      if ((await focused()).startsWith(wanted)) return
    }
    bad('the Tab key does not come to', wanted)
  }
  async function press(wanted, key = 'Enter') {
    await tabTo(wanted)
    await page.keyboard.press(key)
  }
  return { focused, tabTo, press }
}

// look has every size and tone of a page looked at.
export async function look(page, name) {
  for (const [size, where] of [[phone, 'phone'], [desktop, 'desk']]) {
    await page.setViewportSize(size)
    for (const tone of ['dark', 'light']) {
      await page.emulateMedia({ colorScheme: tone, reducedMotion: 'reduce' }) // colours do not pass into each other
      await axe(page, `${name} ${where} ${tone}`)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (wide > 0) bad(name, where, `is ${wide} px wider than the screen`)
      await shot(page, `${name}-${where}-${tone}`)
    }
  }
}
