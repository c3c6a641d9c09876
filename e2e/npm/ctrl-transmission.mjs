// ctrl-transmission.mjs MODULES URL: drives @ctrl/transmission against a server and prints
// what came of each call, a JSON object a line: {"call": "...", "answer": ...}, or "error"
// for what it threw. What it works on comes from the environment: SEED and LACKING are
// torrents in base64, MAGNET is a link, DIR and OTHER are folders.
import { pathToFileURL } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';

const [modules, url] = process.argv.slice(2);
const { Transmission } = await import(pathToFileURL(`${modules}/@ctrl/transmission/dist/src/index.js`));
const { SEED, LACKING, MAGNET, DIR, OTHER, USERNAME = '', PASSWORD = '' } = process.env;
const client = new Transmission({ baseUrl: url, username: USERNAME, password: PASSWORD });

async function call(name, run) {
  let said;
  try {
    said = { call: name, answer: (await run()) ?? null };
  } catch (e) {
    said = { call: name, error: String(e) };
  }
  console.log(JSON.stringify(said));
  return said.answer;
}

// until asks again until the answer is as wanted.
async function until(name, run, wanted) {
  for (let i = 0; i < 200; i++) {
    if (wanted(await run())) break;
    await pause(50);
  }
  return call(name, run);
}

await call('getSession', () => client.getSession());
await call('setSession', () => client.setSession({ 'speed-limit-up': 900, 'speed-limit-up-enabled': true, 'alt-speed-enabled': false }));
await call('freeSpace', () => client.freeSpace(DIR));
const added = await call('addTorrent', () => client.addTorrent(SEED, { 'download-dir': DIR }));
await call('addTorrent once more', () => client.addTorrent(SEED, { 'download-dir': DIR }));
const hash = added.arguments['torrent-added'].hashString;
await until('getTorrent', () => client.getTorrent(hash), (t) => t.isCompleted);
const lacking = await call('addTorrent paused', () => client.addTorrent(Buffer.from(LACKING, 'base64'), { 'download-dir': DIR, paused: true }));
const id = lacking.arguments['torrent-added'].id;
await call('addMagnet', () => client.addMagnet(MAGNET, { 'download-dir': DIR, paused: true }));
await call('setTorrent', () => client.setTorrent(hash, { labels: ['films'], uploadLimit: 50, uploadLimited: true }));
await call('getAllData', () => client.getAllData());
await call('listTorrents', () => client.listTorrents(id));
await call('listTorrents recently-active', () => client.listTorrents('recently-active'));
await call('queueTop', () => client.queueTop(id));
await call('queueUp', () => client.queueUp(id));
await call('queueDown', () => client.queueDown(id));
await call('queueBottom', () => client.queueBottom(id));
await call('pauseTorrent', () => client.pauseTorrent(hash));
await until('getTorrent that is paused', () => client.getTorrent(hash), (t) => t.state === 'paused');
await call('resumeTorrent', () => client.resumeTorrent(hash));
await call('verifyTorrent', () => client.verifyTorrent(hash));
await call('reannounceTorrent', () => client.reannounceTorrent(hash));
await call('renamePath', () => client.renamePath(id, { path: 'lacking', name: 'renamed' }));
await call('moveTorrent', () => client.moveTorrent(id, OTHER));
await call('removeTorrent', () => client.removeTorrent(id, true));
await call('getTorrent that is gone', () => client.getTorrent(id));
