// measure.mjs MODULES PLAN: opens the pages that PLAN (JSON) names in Debian's Chromium and
// prints what it found, one JSON object. Each page lists torrents called file00000.bin and
// so on. MODULES is a node_modules folder with playwright-core and axe-core.
//
//   {"pages": [{"name", "url", "enter"}], "reps": N}           pages beside each other
//   {"long": {"url", "enter", "seconds"}, "reps": N}           one page, opened so often, and then for long
//
// "enter" is an address that gives a browser its cookie.
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

const [modules, text] = process.argv.slice(2);
const plan = JSON.parse(text);
const { chromium } = await import(pathToFileURL(`${modules}/playwright-core/index.mjs`));
const axe = await readFile(`${modules}/axe-core/axe.min.js`, 'utf8');
const patience = 60_000;

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// visitor returns a context of a browser that has never been there, but for its cookie.
async function visitor(p, options) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  if (p.enter) await context.request.get(p.enter, { maxRedirects: 0 });
  return context;
}

// firstRow is run in the page: it notes when the name of a torrent was first painted, and
// when a row of a table with it.
function firstRow() {
  const note = (what) => requestAnimationFrame(() => { window[what] ??= performance.now(); });
  new MutationObserver((list) => {
    for (const m of list) {
      if (!window.firstRow && /file\d{5}/.test(m.target.textContent ?? '')) note('firstRow');
      const row = !window.table && document.querySelector('[role=rowgroup] [role=row], tbody tr');
      if (row && /file\d{5}/.test(row.textContent)) note('table');
    }
  }).observe(document, { childList: true, subtree: true, characterData: true });
}

const shown = (page, what = 'firstRow') => page.waitForFunction((what) => window[what], what, { timeout: patience, polling: 20 }).then((h) => h.jsonValue());

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

// opened returns when a page has its first row and its table, so often as it is opened by
// one browser.
async function opened(p, times) {
  const context = await visitor(p);
  const firsts = [];
  for (let i = 0; i < times; i++) {
    const page = await context.newPage();
    await page.addInitScript(firstRow);
    await page.goto(p.url);
    firsts.push({ first: await shown(page), table: await shown(page, 'table') });
    await page.waitForTimeout(5000); // by then it has kept its frame
    await page.close();
  }
  await context.close();
  return firsts;
}

async function load(p) {
  const context = await visitor(p);
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  const got = { bytes: 0, script: 0, requests: 0 };
  const types = {};
  network.on('Network.responseReceived', (e) => { types[e.requestId] = e.type; });
  network.on('Network.dataReceived', (e) => { if (types[e.requestId] === 'EventSource') got.bytes += e.encodedDataLength; });
  network.on('Network.loadingFinished', (e) => {
    if (types[e.requestId] !== 'EventSource') got.bytes += e.encodedDataLength;
    if (types[e.requestId] === 'Script') got.script += e.encodedDataLength;
  });
  network.on('Network.requestWillBeSent', () => { got.requests++; });
  await page.addInitScript(firstRow);
  await page.goto(p.url);
  const first = await shown(page);
  await page.waitForTimeout(1500); // what comes after the first row belongs to the page, too
  const before = { ...got };
  await page.waitForTimeout(10_000);
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
  await context.close();
  return { first, ...before, idleBytes: got.bytes - before.bytes, idleRequests: got.requests - before.requests, nodes };
}

async function access(p) {
  const context = await visitor(p, { bypassCSP: true });
  const page = await context.newPage();
  await page.addInitScript(firstRow);
  await page.goto(p.url);
  await shown(page);
  await page.waitForTimeout(1500);
  await page.evaluate(axe);
  const found = await page.evaluate(async () => (await window.axe.run()).violations.map((v) => ({ id: v.id, impact: v.impact, nodes: v.nodes.length })));
  await context.close();
  return found;
}

async function phone(p) {
  const context = await visitor(p, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  const page = await context.newPage();
  await page.goto(p.url);
  await page.waitForTimeout(4000);
  const found = await page.evaluate(() => ({
    small: [...document.querySelectorAll('a,button,input,[role=button],select')].filter((e) => {
      const r = e.getBoundingClientRect();
      return r.width && r.height && (r.width < 24 || r.height < 24);
    }).length,
    overflow: Math.max(0, document.documentElement.scrollWidth - innerWidth),
  }));
  await context.close();
  return found;
}

async function plain(p) {
  const context = await visitor(p, { javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(p.url);
  await page.waitForTimeout(2000); // a page without scripts may lead to another
  const said = await page.locator('body').innerText();
  await context.close();
  return { lists: /file\d{5}/.test(said), said: said.trim().replace(/\s+/g, ' ').slice(0, 60) };
}

async function beside() {
  const all = plan.pages.map((p) => ({ name: p.name, loads: [] }));
  for (let i = 0; i < plan.reps; i++) {
    for (const [n, p] of plan.pages.entries()) all[n].loads.push(await load(p));
  }
  for (const [n, p] of plan.pages.entries()) {
    Object.assign(all[n], { violations: await access(p), phone: await phone(p), plain: await plain(p) });
  }
  return all;
}

// metrics of the page's main thread, in seconds and bytes, after a garbage collection.
async function metrics(cdp) {
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics: list } = await cdp.send('Performance.getMetrics');
  return Object.fromEntries(list.map((m) => [m.name, m.value]));
}

// times gives the medians of what opened returns their names.
function times(name, list) {
  return { [name]: median(list.map((o) => o.first)), [`${name}Table`]: median(list.map((o) => o.table)) };
}

async function long({ url, enter, seconds }) {
  const first = [], again = [], plain = [];
  for (let i = 0; i < plan.reps; i++) {
    const [cold, ...warm] = await opened({ url, enter }, 3);
    first.push(cold);
    again.push(warm.at(-1));
    plain.push(...(await opened({ url: `${url}plain/`, enter }, 1))); // the same rows, and not one script
  }
  const context = await visitor({ enter });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  await cdp.send('Network.enable');
  let updates = 0;
  cdp.on('Network.eventSourceMessageReceived', () => { updates++; });
  await page.addInitScript(firstRow);
  await page.addInitScript(() => {
    window.longest = 0;
    new PerformanceObserver((l) => { for (const e of l.getEntries()) window.longest = Math.max(window.longest, e.duration); }).observe({ type: 'longtask' });
  });
  await page.goto(url);
  await shown(page);
  await page.waitForTimeout(30_000);
  await page.evaluate(() => { window.longest = 0; });
  const began = await metrics(cdp);
  const before = updates;
  const middle = async () => {
    await page.waitForTimeout(seconds * 500);
    return metrics(cdp);
  };
  const half = await middle();
  const end = await middle();
  const result = {
    ...times('first', first), ...times('again', again), ...times('plain', plain), updates: updates - before, longest: await page.evaluate(() => window.longest),
    task: end.TaskDuration - began.TaskDuration, heap: [began.JSHeapUsedSize, half.JSHeapUsedSize, end.JSHeapUsedSize],
    nodes: [began.Nodes, half.Nodes, end.Nodes],
  };
  await context.close();
  return result;
}

try {
  console.log(JSON.stringify(plan.long ? await long(plan.long) : await beside()));
} finally {
  await browser.close();
}
