// errands.mjs: what is in a feed is looked at, and one thing of it fetched; torrents get other
// places in the queue; a backup is saved, an identity exported, and another imported. Without
// a mouse; nobody is kept out.
import { readFileSync } from 'node:fs'
import { ask, bad, end, go, keyboard, look, visit } from './harness.mjs'

// The first list is asked for, comes late, and is not what is looked at: it is old when it is.
function late() {
  const ask = fetch
  globalThis.fetch = async (...args) => {
    globalThis.fetch = ask
    const answer = await ask(...args)
    await new Promise((done) => setTimeout(done, 1000))
    return answer
  }
}
const page = await visit({ name: 'errands', path: '#/automation', init: late, allow: /identities\/import/ }) // which refuses on purpose
const { focused, press, tabTo } = keyboard(page)
const keys = async (...list) => {
  for (const key of list) await page.keyboard.press(key)
}

await press('All of it')
await page.getByRole('heading', { name: 'All of it' }).waitFor()
await page.getByText('fetched by the rule “Harbours”').waitFor()
await look(page, 'feed')
if (await page.getByRole('button', { name: /Fetch: (A harbour|Nothing)/ }).count()) bad('what is there, or cannot be fetched, is offered')
await press('Fetch: Birds & bees')
await page.getByText('“Birds & bees” was added.').waitFor()
await page.getByText('fetched by hand').waitFor()
const { total } = await ask(page, 'GET', '/torrents')
if (total !== 2) bad(`there are ${total} torrents`)
await press('All feeds')
await page.getByRole('link', { name: 'All of it' }).waitFor()
console.log('fetched')

await go(page, '#/transfers')
const line = async () => (await ask(page, 'GET', '/torrents?sort=position&fields=name')).torrents.map((t) => t.name).join()
const [ahead, behind] = (await line()).split(',')
await page.getByRole('row', { name: behind }).waitFor().catch(async (err) => {
  console.log('at', page.url(), 'there is', await page.locator('body').innerText())
  throw err
})
await page.getByRole('grid').focus()
await keys('ArrowDown')
if (!(await page.getByRole('row', { name: behind, selected: true }).count())) await keys('ArrowDown')
await keys('Shift+F10')
await page.getByRole('menu', { name: 'Actions' }).waitFor()
await keys('q', 'ArrowRight')
await page.getByRole('menu', { name: 'Queue' }).waitFor()
if ((await focused()) !== 'To the top') bad('the menu of the queue begins at', await focused())
await look(page, 'queue')
await keys('ArrowLeft')
await page.getByRole('menu', { name: 'Actions' }).waitFor()
if ((await focused()) !== 'Queue') bad('the way back leads to', await focused())
await keys('Enter')
await page.getByRole('menu', { name: 'Queue' }).waitFor()
await keys('Enter') // To the top
await page.getByText('Moved in the queue.').waitFor()
if ((await line()) !== `${behind},${ahead}`) bad('at the top, the queue is', await line())
await keys('Control+a', 'Shift+F10', 'q', 'Enter')
await page.getByRole('menu', { name: 'Queue' }).waitFor()
await keys('d', 'Enter') // Down
await page.getByText('They stand there already.').waitFor()
console.log('placed')

await go(page, '#/tokens')
await press('Back up')
await page.getByRole('dialog').waitFor()
await look(page, 'backup')
await tabTo('Passphrase')
await page.keyboard.type('correct horse')
await tabTo('The same')
await page.keyboard.type('correct hose')
await page.keyboard.press('Enter')
await page.getByText('The two are different.').waitFor()
await page.keyboard.press('Control+a')
await page.keyboard.type('correct horse')
const [saved] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
if (!/^warren-\d{8}-\d{4}\.backup$/.test(saved.suggestedFilename())) bad('the backup is called', saved.suggestedFilename())
if (await saved.failure()) bad('the backup is not saved:', await saved.failure())
await page.getByText('your browser saves it').waitFor()
console.log('saved')

await go(page, '#/identities')
await press('What can be done with me')
await page.getByRole('menu').waitFor()
await keys('e', 'Enter') // Export
await page.getByRole('dialog', { name: 'Export “me”' }).waitFor()
await look(page, 'export')
await tabTo('Passphrase')
await page.keyboard.type('correct horse')
await tabTo('The same')
await page.keyboard.type('correct horse')
const [exported] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
if (exported.suggestedFilename() !== 'me.identity') bad('the identity is called', exported.suggestedFilename())
await page.getByText('The file was made').waitFor()

// give answers the dialog of an import.
const dialog = page.getByRole('dialog', { name: 'Import an identity' })
let given
page.on('filechooser', (picker) => void picker.setFiles(given))
async function give(file, passphrase, name) {
  given = file
  await press('Choose a file')
  await dialog.getByRole('button', { name: `Choose a file: ${file.name}` }).waitFor()
  for (const [label, text] of [['Its passphrase', passphrase], ['Name', name]]) {
    await tabTo(label)
    await keys('Control+a')
    await page.keyboard.type(text)
  }
  await keys('Enter')
}
await press('Import')
await dialog.waitFor()
const file = { name: 'me (1).identity', mimeType: 'application/octet-stream', buffer: readFileSync(await exported.path()) }
await give(file, 'correct hose', 'me too')
await dialog.getByText('wrong passphrase').waitFor()
await give(file, 'correct horse', 'me too')
await dialog.getByText('this identity is here already').waitFor()
await look(page, 'import')
const { sealed } = JSON.parse(readFileSync(new URL('../../permid/testdata/vectors.json', import.meta.url), 'utf8'))
const other = sealed.find((one) => one.passphrase)
await give({ name: 'other.identity', mimeType: 'application/octet-stream', buffer: Buffer.from(other.sealed, 'hex') }, other.passphrase, 'work')
await page.getByText('“work” is here now.').waitFor()
await page.getByRole('heading', { name: 'work' }).waitFor()
const { identities } = await ask(page, 'GET', '/identities')
if (!identities.some((one) => one.name === 'work' && one.passphrase)) bad('what was imported is not there:', JSON.stringify(identities))
console.log('exported and imported')
await end()
