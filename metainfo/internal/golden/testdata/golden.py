#!/usr/bin/python3
"""Makes the torrents in this folder with libtorrent: golden.py OUTPUT-FOLDER."""
import os
import sys
import tempfile

import libtorrent as lt

TREE = {  # path: (length, executable)
    "a.bin": (70000, False),
    "docs/b.txt": (100, False),
    "docs/empty": (0, False),
    "run.sh": (40000, True),
    "z/exact": (65536, False),
    "z/last": (5000, False),
    "zz": (0, False),
}
PIECE = 32 << 10


def content(length):
    """A linear congruential generator seeded with the length."""
    out, x = bytearray(), length
    for _ in range(length):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        out.append((x >> 16) & 0xFF)
    return bytes(out)


def write(root):
    for path, (length, executable) in TREE.items():
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as f:
            f.write(content(length))
        os.chmod(full, 0o755 if executable else 0o644)


def make(base, name, flags, out, links=[]):
    # Added one by one: libtorrent's own walk has the order of the directory.
    files = lt.file_storage()
    if os.path.isdir(os.path.join(base, name)):
        for path in sorted(list(TREE) + links, key=lambda p: p.split("/")):
            if path in links:
                files.add_file(name + "/" + path, 0, lt.file_flags_t.flag_symlink, 0, "a.bin")
                continue
            attr = lt.file_flags_t.flag_executable if TREE[path][1] else 0
            files.add_file(name + "/" + path, TREE[path][0], attr)
    else:
        files.add_file(name, os.path.getsize(os.path.join(base, name)))
    t = lt.create_torrent(files, PIECE, flags)
    t.set_creator("libtorrent")
    t.add_tracker("http://tracker.example/announce")
    lt.set_piece_hashes(t, base)
    entry = t.generate()
    entry.pop(b"creation date", None)
    with open(out, "wb") as f:
        f.write(lt.bencode(entry))


def main(out):
    kinds = {
        "v1": lt.create_torrent.v1_only,
        "v2": lt.create_torrent.v2_only,
        "hybrid": 0,
    }
    os.umask(0o022)
    with tempfile.TemporaryDirectory() as base:
        write(os.path.join(base, "tree"))
        with open(os.path.join(base, "single.bin"), "wb") as f:
            f.write(content(100000))
        with open(os.path.join(base, "small.bin"), "wb") as f:
            f.write(content(20000))
        for kind, flags in kinds.items():
            for name in ("tree", "single.bin", "small.bin"):
                stem = name.split(".")[0]
                make(base, name, flags, os.path.join(out, f"{stem}-{kind}.torrent"))
        os.symlink("../a.bin", os.path.join(base, "tree/z/link"))
        flag = lt.create_torrent.symlinks
        for kind in ("v1", "hybrid"):
            make(base, "tree", kinds[kind] | flag, os.path.join(out, f"links-{kind}.torrent"), ["z/link"])


main(sys.argv[1])
