// flood.mjs MODULES PAGE RPC TORRENT DIR SHOTS: drives the page of a fresh Flood at PAGE in
// Debian's Chromium. An account is made with a Transmission client at RPC, TORRENT (a
// file) is added with its content in DIR, seen complete, stopped, started, looked into and
// removed. Says what it saw, a line each; pictures go to the folder SHOTS if it is named.
// USERNAME and PASSWORD are those of the RPC, if it has any.
import { pathToFileURL } from 'node:url';

const [modules, page, rpc, torrent, dir, shots] = process.argv.slice(2);
const { USERNAME = '', PASSWORD = '' } = process.env;
const { chromium } = await import(pathToFileURL(`${modules}/playwright-core/index.mjs`));

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const tab = await browser.newPage({ viewport: { width: 1280, height: 800 } });
tab.setDefaultTimeout(30_000);

async function saw(what, name) {
  console.log(what);
  if (shots) await tab.screenshot({ path: `${shots}/${name}.png` });
}

try {
  await tab.goto(page);
  await tab.fill('#username', 'anna');
  await tab.fill('#password', 'a password of flood');
  await tab.click('.select__button');
  await tab.locator('.context-menu__item', { hasText: 'Transmission' }).click();
  await tab.fill('input[name=url]', rpc);
  await tab.fill('input[name=transmission-username]', USERNAME);
  await tab.fill('input[name=transmission-password]', PASSWORD);
  await saw('the form', '1-form');
  await tab.click('button[type=submit]');
  await tab.getByText('No torrents to display.').waitFor();
  await saw('an empty list', '2-empty');

  await tab.click('[aria-label="Add Torrent"]');
  await tab.getByText('By File').click();
  await tab.setInputFiles('.modal input[type=file]', torrent);
  await tab.fill('.modal input[name=destination]', dir);
  await tab.locator('.modal button', { hasText: 'Add Torrent' }).click();
  const row = tab.locator('.torrent').first();
  await row.waitFor();
  await tab.locator('.torrent--is-seeding, .torrent.torrent--has-complete, .torrent--is-complete').first().waitFor();
  await saw(`added: ${await row.locator('.table__cell, .torrent__detail').first().innerText()}`, '3-added');

  await row.click();
  await tab.click('[aria-label="Stop Torrent"]');
  await tab.locator('.torrent--is-stopped').waitFor();
  await saw('stopped', '4-stopped');
  await tab.click('[aria-label="Start Torrent"]');
  await tab.locator('.torrent--is-stopped').waitFor({ state: 'detached' });
  await saw('started', '5-started');

  await row.dblclick();
  for (const part of ['Files', 'Peers', 'Trackers', 'Details']) {
    await tab.locator('.modal').getByText(part, { exact: true }).first().click();
    await tab.waitForTimeout(300);
    await saw(`${part}: ${(await tab.locator('.modal').innerText()).replace(/\s+/g, ' ')}`, `6-${part.toLowerCase()}`);
  }
  await tab.keyboard.press('Escape');
  await tab.locator('.modal').waitFor({ state: 'detached' });

  await tab.click('[aria-label="Remove Torrent"]');
  await saw('asked whether to remove', '7-remove');
  await tab.locator('.modal button', { hasText: /^(Yes|Remove)/ }).click();
  await tab.getByText('No torrents to display.').waitFor();
  await saw('removed', '8-removed');
} catch (e) {
  await saw(`failed: ${e}`, '9-failed');
  process.exitCode = 1;
} finally {
  await browser.close();
}
