// ctrl-qbittorrent.mjs MODULES URL: drives @ctrl/qbittorrent against a server and prints
// what came of each call, a JSON object a line: {"call": "...", "answer": ...}, or "error"
// for what it threw. What it works on comes from the environment: SHOW is a torrent file
// whose content lies in DIR, MAGNET a link, MOVED a folder.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';

const [modules, url] = process.argv.slice(2);
const { QBittorrent } = await import(pathToFileURL(`${modules}/@ctrl/qbittorrent/dist/src/index.js`));
const { SHOW, MAGNET, DIR, MOVED, USERNAME = '', PASSWORD = '' } = process.env;
const client = new QBittorrent({ baseUrl: url, username: USERNAME, password: PASSWORD });

async function call(name, run) {
  let said;
  try {
    said = { call: name, answer: (await run()) ?? null };
  } catch (e) {
    said = { call: name, error: String(e.status ?? e.message) };
  }
  console.log(JSON.stringify(said));
  return said.answer;
}

// until asks again until the answer is as wanted.
async function until(name, run, wanted) {
  for (let i = 0; i < 400; i++) {
    if (wanted(await run())) break;
    await pause(50);
  }
  return call(name, run);
}

// What is named by data is told as a list.
const values = async (p) => Object.values(await p);

await call('login', () => client.login());
await call('getAppVersion', async () => typeof (await client.getAppVersion()));
await call('getApiVersion', async () => typeof (await client.getApiVersion()));
await call('getBuildInfo', () => client.getBuildInfo());
await call('getDefaultSavePath', async () => typeof (await client.getDefaultSavePath()));
await call('getPreferences', async () => ({ ...(await client.getPreferences()), scan_dirs: null }));
await call('setPreferences', () => client.setPreferences({ max_ratio_act: 0 }));
await call('createCategory', () => client.createCategory('films', DIR));
await call('createCategory once more', () => client.createCategory('films', DIR));
await call('editCategory', () => client.editCategory('films', MOVED));
await call('getCategories', () => values(client.getCategories()));
await call('createTags', () => client.createTags('a,b'));
await call('getTags', () => client.getTags());
await call('addTorrent', () => client.addTorrent(readFileSync(SHOW), { savepath: DIR, category: 'films', paused: 'false' }));
await call('addTorrent that is none', () => client.addTorrent(Buffer.from('nothing'), { savepath: DIR }));
let listed = [];
while (listed.length === 0) listed = await client.listTorrents(); // it is added in the background
const { hash } = listed[0];
await until('getTorrent', () => client.getTorrent(hash), (t) => t.isCompleted && t.raw.state === 'stalledUP');
await call('addMagnet', () => client.addMagnet(MAGNET, { paused: 'true' }));
await until('listTorrents', () => client.listTorrents(), (l) => l.length === 2);
for (const filter of ['downloading', 'seeding', 'completed', 'paused', 'resumed', 'active', 'stalled', 'errored']) {
  await call(`listTorrents ${filter}`, async () => Array.isArray(await client.listTorrents({ filter })));
}
await call('listTorrents by category', () => client.listTorrents({ category: 'films', sort: 'name', reverse: true, limit: 1, offset: 0 }));
await call('getAllData', () => client.getAllData());
await call('getSyncMainData', async () => {
  const { torrents, trackers, categories, ...rest } = await client.getSyncMainData(0);
  return { ...rest, torrents: Object.values(torrents), trackers: Object.values(trackers), categories: Object.values(categories) };
});
await call('torrentProperties', () => client.torrentProperties(hash));
await call('torrentProperties of nothing', () => client.torrentProperties('0'.repeat(40)));
await call('torrentTrackers', () => client.torrentTrackers(hash));
await call('torrentWebSeeds', () => client.torrentWebSeeds(hash));
await call('torrentFiles', () => client.torrentFiles(hash));
await call('torrentPieceStates', () => client.torrentPieceStates(hash));
await call('torrentPieceHashes', () => client.torrentPieceHashes(hash));
await call('torrentPeers', () => client.torrentPeers(hash, 0));
await call('setFilePriority', () => client.setFilePriority(hash, '0', 7));
await call('setTorrentDownloadLimit', () => client.setTorrentDownloadLimit(hash, 100_000));
await call('getTorrentDownloadLimit', () => values(client.getTorrentDownloadLimit(hash)));
await call('setTorrentUploadLimit', () => client.setTorrentUploadLimit(hash, 100_000));
await call('getTorrentUploadLimit', () => values(client.getTorrentUploadLimit(hash)));
await call('addTorrentTags', () => client.addTorrentTags(hash, 'c'));
await call('removeTorrentTags', () => client.removeTorrentTags(hash, 'c'));
await call('deleteTags', () => client.deleteTags('a'));
await call('setTorrentCategory', () => client.setTorrentCategory(hash, ''));
await call('removeCategory', () => client.removeCategory('films'));
await call('addTrackers', () => client.addTrackers(hash, 'http://127.0.0.1:9/announce'));
await call('removeTrackers', () => client.removeTrackers(hash, 'http://127.0.0.1:9/announce'));
await call('topPriority', () => client.topPriority(hash));
await call('queueUp', () => client.queueUp(hash));
await call('queueDown', () => client.queueDown(hash));
await call('bottomPriority', () => client.bottomPriority(hash));
await call('setTorrentName', () => client.setTorrentName(hash, 'renamed'));
await call('renameFile', () => client.renameFile(hash, 'show/one.bin', 'show/first.bin'));
await call('renameFolder', () => client.renameFolder(hash, 'show/sub', 'show/below'));
await call('reannounceTorrent', () => client.reannounceTorrent(hash));
await call('pauseTorrent', () => client.pauseTorrent(hash));
await until('getTorrent that is paused', () => client.getTorrent(hash), (t) => t.state === 'paused' || t.raw.state === 'pausedUP');
await call('resumeTorrent', () => client.resumeTorrent(hash));
await until('getTorrent that goes on', () => client.getTorrent(hash), (t) => t.raw.state === 'stalledUP');
await call('recheckTorrent', () => client.recheckTorrent(hash));
await until('getTorrent that was checked', () => client.getTorrent(hash), (t) => t.raw.state === 'stalledUP');
await call('setTorrentLocation', () => client.setTorrentLocation(hash, MOVED));
await until('getTorrent elsewhere', () => client.getTorrent(hash), (t) => t.savePath === MOVED);
await call('getRssRules', () => client.getRssRules());
await call('removeTorrent', () => client.removeTorrent([hash], true));
await call('removeTorrent all', () => client.removeTorrent('all', false));
await until('listTorrents that are gone', () => client.listTorrents(), (l) => l.length === 0);
