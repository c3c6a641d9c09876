// firefox.mjs MODULES URL [SHOTS]: the main way through the pages of a node in Debian's
// Firefox, driven by puppeteer over WebDriver BiDi: a link is added, found, looked into and
// removed, and nothing is said against it on the console.
import { mkdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const [modules, url, shots] = process.argv.slice(2)
const { default: puppeteer } = await import(pathToFileURL(`${modules}/puppeteer-core/lib/esm/puppeteer/puppeteer-core.js`))
if (shots) mkdirSync(shots, { recursive: true })
const browser = await puppeteer.launch({ browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true, defaultViewport: { width: 1280, height: 800 } })
const page = await browser.newPage()
page.setDefaultTimeout(30_000)
let wrong = 0
page.on('console', (m) => m.type() === 'error' && wrong++ >= 0 && console.log('WRONG: console:', m.text()))
page.on('pageerror', (err) => wrong++ >= 0 && console.log('WRONG: error:', err.message))
const shot = (name) => shots && page.screenshot({ path: `${shots}/${name}.png` })
const says = (text) => page.waitForFunction((t) => document.body.innerText.includes(t), {}, text)
const press = async (name) => {
  const button = await page.waitForSelector(`aria/${name}[role="button"]`)
  await button.click()
}

try {
  await page.goto(url)
  const base = new URL(url).origin
  await page.goto(`${base}/#/add`)
  const links = await page.waitForSelector('textarea')
  await links.type('magnet:?xt=urn:btih:688c248b7e6db061d0f7a9693c1a85fcb69847e3&dn=photos')
  await press('Add')
  await page.goto(`${base}/#/transfers`)
  await says('photos')
  await shot('transfers')
  for (const place of ['share', 'shares', 'statistics', 'tracker', 'network', 'settings', 'logs', 'welcome']) {
    await page.goto(`${base}/#/${place}`)
    await page.waitForSelector('main h1')
    await new Promise((done) => setTimeout(done, 500))
    await shot(place)
  }
  console.log(await browser.version(), 'has shown it all')
} catch (err) {
  wrong++
  console.log('WRONG:', err.message)
  await shot('failed')
} finally {
  await browser.close()
}
process.exit(wrong > 0 ? 1 : 0)
