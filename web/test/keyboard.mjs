// keyboard.mjs: a torrent is added, paused, resumed and removed without a mouse; and the
// table is walked as ARIA's grid pattern says. Where the focus is can always be seen.
import { ask, bad, end, keyboard, shot, visit } from './harness.mjs'

const page = await visit({ name: 'keyboard', allow: /torrents\/abcdef/ })
const keys = async (...list) => {
  for (const key of list) await page.keyboard.press(key)
}
const { tabTo } = keyboard(page)
async function until(what, so) {
  for (let i = 0; i < 100; i++) {
    if (await so()) return console.log(what)
    await page.waitForTimeout(100)
  }
  bad('not seen:', what)
}
const hash = 'abcdefabcdefabcdefabcdefabcdefabcdefabcd'
const state = async () => (await ask(page, 'GET', `/torrents/${hash}`)).state

await page.waitForTimeout(500)
await tabTo('Add')
await keys('Enter')
await page.locator('textarea').waitFor()
await until('the focus is where links go', () => page.evaluate(() => document.activeElement?.tagName === 'TEXTAREA'))
await page.keyboard.type(`magnet:?xt=urn:btih:${hash}&dn=Added+by+hand`)
await tabTo('Add')
await keys('Enter')
await page.getByRole('heading', { name: 'Added by hand' }).waitFor()
console.log('added')
await shot(page, 'keyboard-added')

await page.goBack()
await page.goBack()
await page.getByRole('grid').waitFor()
await tabTo('Transfers')
await until('the table has the focus', () => page.evaluate(() => document.activeElement?.getAttribute('role') === 'grid'))
await keys('ArrowDown')
const chosen = () => page.locator('[role=row][aria-selected=true]').count()
await until('one is chosen', async () => (await chosen()) === 1)
await keys('Shift+ArrowDown', 'Shift+ArrowDown')
await until('three are chosen', async () => (await chosen()) === 3)
await shot(page, 'keyboard-three')
await keys('Escape')
await until('none is chosen', async () => (await chosen()) === 0)
const total = (await ask(page, 'GET', '/torrents?limit=1')).total
await keys('Control+a')
await until('all are chosen', async () => (await page.getByRole('status').filter({ hasText: 'selected' }).first().textContent())?.startsWith(String(total)))
await keys('Home')
await until('one is chosen again', async () => (await chosen()) === 1)
await keys('Space')
await until('and is not any more', async () => (await chosen()) === 0)
await tabTo('Select all')
await keys('Space')
await until('the box chooses all', async () => (await page.getByRole('status').filter({ hasText: 'selected' }).first().textContent())?.startsWith(String(total)))
await keys('Space')
await until('and none', async () => (await chosen()) === 0)
await tabTo('Name')
await keys('Enter')
await until('a column sorts by Enter', () => page.getByRole('columnheader', { name: 'Name', exact: true }).evaluate((e) => e.getAttribute('aria-sort') === 'ascending' && location.hash.startsWith('#/transfers')))
await page.getByRole('grid').focus()
await keys('End', 'Home', 'Shift+F10')
await page.getByRole('menu').waitFor()
await shot(page, 'keyboard-menu')
await keys('p', 'Enter') // Pause
await until('paused', async () => (await state()) === 'paused')
await keys('Shift+F10')
await page.getByRole('menu').waitFor()
await keys('r', 'Enter') // Resume
await until('resumed', async () => (await state()) !== 'paused')
await keys('Delete')
await page.getByRole('dialog').waitFor()
await shot(page, 'keyboard-remove')
await tabTo('Remove')
await keys('Enter')
await until('removed', async () => (await ask(page, 'GET', `/torrents/${hash}`)).status === 404)
await until('the table has the focus again', () => page.evaluate(() => document.activeElement?.getAttribute('role') === 'grid'))
await keys('/')
await until('the search has the focus', () => page.evaluate(() => document.activeElement?.getAttribute('type') === 'search'))
await end()
