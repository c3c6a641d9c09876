import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { Client, Problem } from "./warren.js";

const { WARREN_API, WARREN_TOKEN } = process.env;
const link = `magnet:?xt=urn:btih:${"2".repeat(40)}&dn=js`;
const owner = new Client(WARREN_API, WARREN_TOKEN);
const made = await owner.makeToken({ name: "javascript", scopes: ["add", "control"] });
const client = new Client(WARREN_API, made.text);
assert.ok((await client.getStatus()).version);
assert.equal((await client.getSession()).name, "javascript");
const torrent = await client.addTorrent({ magnet: link, labels: ["b", "a"], paused: true });
assert.equal(torrent.name, "js");
const page = await client.listTorrents({ label: ["a"], limit: 1000 });
assert.deepEqual(page.torrents.map((t) => t.key), [torrent.key]);
const changed = await client.changeTorrent(torrent.key, { up_limit: 5, labels: [] });
assert.equal(changed.up_limit, 5);
let seen = false;
for await (const { snapshot, ready, delta } of client.streamEvents()) {
  if (snapshot) seen = snapshot.torrents.some((t) => t.key === torrent.key);
  if (ready) await client.changeTorrent(torrent.key, { note: "heard" });
  if (delta?.changed?.some((t) => t.note === "heard")) break;
}
assert.ok(seen);
const delta = await client.listChanges({ since: (await client.getStatus()).revision });
assert.equal(delta.changed, undefined);
for (const [call, kind] of [
  [() => client.getTorrent("0".repeat(40)), "not-found"],
  [() => client.addTorrent({ magnet: link }), "duplicate"],
  [() => client.listTokens(), "forbidden"],
  [() => new Client(WARREN_API, "wrong").getStatus(), "unauthorized"],
  [() => client.listTorrents({ sort: "odd" }), "invalid"],
]) {
  await assert.rejects(call, (e) => e instanceof Problem && e.kind === kind, kind);
}
const folder = `${tmpdir()}/warren watched`;
const watched = await owner.setWatchFolder({ path: folder, labels: ["a", "b"], then: "delete" });
assert.deepEqual(watched.folders.map((f) => [f.folder.path, f.folder.labels, f.folder.then]), [[folder, ["a", "b"], "delete"]]);
await owner.removeWatchFolder({ path: folder });
assert.equal((await client.listWatchFolders()).folders.length, 0);
await client.removeTorrent(torrent.key, { content: true });
await owner.revokeToken(made.token.id);
console.log("ok");
