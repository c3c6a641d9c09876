#!/usr/bin/env bash
# Shows what warren does on real files: one process shares a tree, another one
# fetches it over TLS, every byte is compared. Needs bin/warren (make build), no
# network and no root. Leaves nothing behind.
set -euo pipefail

cd "$(dirname "$0")/.."
warren=$PWD/bin/warren
export WARREN_NO_DHT=1 WARREN_NO_PORTMAP=1 # both are on this machine
rate=${DEMO_RATE:-60MB} # slow enough to look at; 0 is full speed
random_mb=${DEMO_RANDOM_MB:-120}

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
	bold=$'\e[1m' plain=$'\e[0m'
fi
step() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
run() { # shows a command as one would type it, and runs it
	local shown=() word
	for word in "$@"; do shown+=("${word/#$warren/warren}"); done
	printf '%s$ %s%s\n' "$bold" "${shown[*]}" "$plain"
	"$@"
}
fail() {
	printf 'demo: %s\n' "$*" >&2
	exit 1
}

[ -x "$warren" ] || fail "bin/warren is missing: build it first with: make build"
command -v go >/dev/null || fail "go is missing: its sources are the tree that is shared"

work=$(mktemp -d "${TMPDIR:-/tmp}/warren-demo.XXXXXX")
seeder=''
clean() {
	if [ -n "$seeder" ]; then
		kill -INT "$seeder" 2>/dev/null || true
		wait "$seeder" 2>/dev/null || true
	fi
	chmod -R u+w "$work" 2>/dev/null || true
	rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT TERM
cd "$work"

step "1. A real tree: the sources of Go, and $random_mb MB of random bytes"
mkdir tree alice bob
cp -RL "$(go env GOROOT)/src" tree/go-src
chmod -R u+w tree
head -c "${random_mb}000000" /dev/urandom >tree/random.bin
printf '%s files in %s directories\n' "$(find tree -type f | wc -l)" "$(find tree -type d | wc -l)"

step "2. Alice makes a torrent of it"
run "$warren" torrent create tree -o tree.torrent

step "3. Alice shares it, in a process of her own, with TLS required"
printf '%s$ warren share tree.torrent --tls require &%s\n' "$bold" "$plain"
"$warren" share tree.torrent --tls require --listen 127.0.0.1:0 --home alice --json >alice.log 2>alice.err &
seeder=$!
for ((i = 0; i < 600; i++)); do
	grep -q '"event":"ready"' alice.log && break
	kill -0 "$seeder" 2>/dev/null || fail "the seeder ended: $(cat alice.err)"
	sleep 0.1
done
address=$(sed -n 's/.*"event":"ready".*"listen":\["\([^"]*\)".*/\1/p' alice.log)
[ -n "$address" ] || fail "the seeder was not ready within a minute: $(cat alice.err)"
echo "She listens on $address."

step "4. Bob fetches it, in another process, over TLS (slowed to $rate a second, to look at)"
run "$warren" get tree.torrent --dir bob --peer "$address" --tls require --exit \
	--limit-down "$rate" --listen 127.0.0.1:0 --home bob-home

step "5. Every byte is checked, twice: by the hashes of the torrent, and against Alice's files"
run "$warren" torrent verify tree.torrent --dir bob
run diff -r tree bob/tree
echo "No difference."

kill -INT "$seeder"
code=0
wait "$seeder" || code=$?
seeder=''
[ "$code" -eq 130 ] || fail "the seeder ended with exit code $code instead of 130"

step "What happened"
cat <<END
Alice described $(find tree -type f | wc -l) files in one torrent and shared them. Bob knew the torrent and her
address. His process connected to hers over TLS 1.3, on a port that shows a website
to browsers, fetched the tree, and checked each piece against the SHA-1 and SHA-256
hashes in the torrent before it counted it. His copy is the same as hers, byte for
byte. How fast this machine does it at full speed: warren bench transfer
END
