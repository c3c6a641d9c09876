// node door.mjs MODULES URL [SHOTS]: the pages of share links on the port of a node, as those
// see them who were given a link, without scripts. WARREN_DOOR has the links: of a share
// that is open, of one with a passphrase that can be opened once, and of a list.
import { readFileSync } from 'node:fs'
import { axe, bad, browser, desktop, end, phone, shot } from './harness.mjs'

const door = JSON.parse(process.env.WARREN_DOOR)
const origin = new URL(door.open).origin

// look opens a tab at the port, which has a certificate of its own.
async function look(name, { size = desktop, dark = false, scripts = false } = {}) {
  const context = await browser.newContext({ viewport: size, colorScheme: dark ? 'dark' : 'light', javaScriptEnabled: scripts, ignoreHTTPSErrors: true, acceptDownloads: true })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  page.on('console', (m) => m.type() === 'error' && !/status of (403|404)/.test(m.text()) && bad(name, 'console:', m.text()))
  page.on('request', (q) => {
    if (new URL(q.url()).origin !== origin) bad(name, 'leaves the node:', q.url())
    if (q.url().includes(door.secret)) bad(name, 'sends the secret')
  })
  return page
}

// saved clicks on a link and returns what is saved by that.
async function saved(page, link) {
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

const page = await look('open')
await page.goto(door.open)
if (!page.url().includes('#s=')) bad('open', 'the address has no key:', page.url())
if ((await page.locator('h1').textContent()) !== door.title) bad('open', 'the title is', await page.locator('h1').textContent())
const file = await saved(page, page.locator('td a').first())
if (file.name !== door.file || file.bytes.toString() !== door.text) bad('open', 'saved', file.name, file.bytes.length)
for (const name of ['record', 'torrent']) {
  const paper = await saved(page, page.locator(`a[href$="/${name}"]`).first())
  if (paper.bytes[0] !== 0x64) bad('open', name, 'is no dictionary')
}

// A shared page full of scripts is saved, and not shown.
const html = await saved(page, page.locator('td a', { hasText: '.html' }))
if (!html.bytes.toString().includes('<script>')) bad('open', 'the page is another one')
const direct = await look('direct')
const [shown] = await Promise.all([direct.waitForEvent('download'), direct.goto(origin + new URL(await page.locator('td a', { hasText: '.html' }).getAttribute('href'), origin).pathname).catch(() => null)])
if (shown.suggestedFilename() !== html.name) bad('direct', shown.suggestedFilename())

// A link that has to be redeemed: looking again and again uses nothing up.
const gate = await look('gate')
for (let i = 0; i < 3; i++) await gate.goto(door.guarded)
await gate.reload()
await gate.getByLabel('Passphrase').fill('wrong')
await gate.getByRole('button', { name: 'Open' }).click()
if (!(await gate.getByRole('alert').textContent()).includes('not the passphrase')) bad('gate', 'a wrong passphrase is taken')
await gate.getByLabel('Passphrase').fill(door.passphrase)
await gate.keyboard.press('Enter')
await gate.locator('h2#files').waitFor()
if (!gate.url().includes('#s=') || !/\/private\/[\w-]{22}\/[\w-]{22}#/.test(gate.url())) bad('gate', 'the address that is to be copied is', gate.url())
await gate.reload()
if ((await saved(gate, gate.locator('td a').first())).bytes.toString() !== door.text) bad('gate', 'the file is another one')
const late = await look('late')
if ((await late.goto(door.guarded)).headers()['warren-share']) bad('late', 'a link that is used up shows something')

// What is public is listed, searched and had.
const list = await look('list')
await list.goto(door.list)
await list.getByLabel('Words').fill('nothing has this')
await list.keyboard.press('Enter')
await list.getByText('0 shares found').waitFor()
await list.getByRole('link', { name: 'Show all' }).click()
await list.getByRole('link', { name: door.title }).click()
await list.getByText('warren get').first().waitFor()
if ((await saved(list, list.locator('td a').first())).bytes.toString() !== door.text) bad('list', 'the file is another one')

// Axe needs scripts, which a page that has none cannot hinder.
const public_ = list.url()
for (const [where, url] of Object.entries({ open: door.open, gate: door.gate, list: door.list, public: public_ })) {
  for (const [how, size] of Object.entries({ desktop, phone })) {
    for (const dark of [false, true]) {
      const name = `door-${where}-${how}-${dark ? 'dark' : 'light'}`
      const one = await look(name, { size, dark, scripts: true })
      await one.goto(url)
      await axe(one, name)
      if (await one.evaluate(() => document.documentElement.scrollWidth > innerWidth)) bad(name, 'is wider than the screen')
      await shot(one, name)
      await one.context().close()
    }
  }
}
await end()
