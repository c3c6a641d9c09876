# Every target installs the Debian packages it needs and names them; without
# root it prints the line to run by hand. `make` alone lists the targets.

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The commit is stamped in where git gives it; an archive without git builds too.
VCS      := $(shell git rev-parse --verify -q HEAD >/dev/null 2>&1 && echo true || echo false)
BUILD    := go build -trimpath -buildvcs=$(VCS)
FUZZTIME ?= 1m
RACES    ?= 5

SEEDS    ?= 20

# Another engine that speaks BitTorrent over TLS, in a module of its own.
ADOPTED := btls/examples/anacrolix

# What `make test` runs of package e2e: short, without what takes longest, or full.
export WARREN_E2E ?= short
ifeq ($(WARREN_E2E),short)
LATER := -skip 'TestQBittorrentShapes|TestMustSurvive|TestKillAtFullSpeed|TestFullStrictRenewal|TestHalfOpenHandshakes|TestNodeOnNoInterface'
endif

.PHONY: help build run demo deb test sim check tidy lint vuln format clients web bench dpi pages fuzz nightly cross reproducible clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 14

build: ## build bin/warren
	@.ci/need build
	CGO_ENABLED=0 $(BUILD) -o bin/ ./cmd/warren

run: build ## run a node until you press Ctrl-C; it prints where it is managed
	@bin/warren run

demo: build ## share a real file tree and fetch it over TLS
	./scripts/demo.sh

test: build format ## vet, unit tests with the race detector, fuzz corpora, interop
	@.ci/need test aria2 cargo chromium curl ffmpeg firefox-esr gcc iproute2 libc6-dev miniupnpd-nftables nftables npm opentracker openssl pebble python3-docutils python3-libtorrent qbittorrent-nox redis-server rtorrent tcpdump transmission-cli transmission-daemon
	go vet ./...
	CGO_ENABLED=0 go -C $(ADOPTED) vet ./...
	{ failed=0; \
	  go test -json -race -timeout 10m $$(go list ./... | grep -v /e2e) || failed=1; \
	  go test -json -run DHT ./swarm || failed=1; \
	  go test -json -count=1 -timeout 60m $(LATER) ./e2e/... || failed=1; \
	  CGO_ENABLED=0 go -C $(ADOPTED) test -json -count=1 -timeout 10m ./... || failed=1; \
	  exit $$failed; } | go run ./internal/house/summary

sim: ## simulate every scenario with SEEDS seeds (20); a failure prints what repeats it
	@.ci/need sim
	go run ./sim -seeds $(SEEDS)

format: ## fail if a file is not formatted
	@.ci/need format git
	@unformatted=$$(git ls-files -co --exclude-standard '*.go' | xargs -r gofmt -l); \
	if [ -n "$$unformatted" ]; then echo "run gofmt -w on:" $$unformatted >&2; exit 1; fi

clients: ## make the clients of the API anew, from docs/openapi.json
	@.ci/need clients
	go test ./internal/api -run TestGolden -update
	go test ./internal/house/clientgen -update

web: ## check the pages of the node, and build web/dist anew
	@.ci/need web npm
	.ci/web build

check: format tidy lint vuln ## format, tidy modules, golangci-lint, govulncheck, the pages of the node
	@.ci/need check git npm
	.ci/web check

tidy: ## fail if the go.mod or go.sum of a module is not what go mod tidy makes of it
	@.ci/need tidy git
	@for module in $$(git ls-files -co --exclude-standard '*go.mod'); do \
	  echo "tidy: $$(dirname $$module)"; go -C $$(dirname $$module) mod tidy -diff; \
	done

lint: bin/golangci-lint ## golangci-lint
	bin/golangci-lint run ./...
	cd $(ADOPTED) && CGO_ENABLED=0 $(CURDIR)/bin/golangci-lint run ./...
	cd tools/deb && $(CURDIR)/bin/golangci-lint run ./...

vuln: bin/govulncheck ## govulncheck
	.ci/vuln

bin/golangci-lint bin/govulncheck: tools/go.mod tools/go.sum
	@.ci/need $(@F)
	cd tools && go build -o ../bin/ $$(go list -f '{{.ImportPath}}' tool | grep '/$(@F)$$')

bench: build ## measure beside libtorrent, Transmission, aria2 and mktorrent
	@.ci/need bench iproute2 opentracker aria2 transmission-daemon transmission-cli python3-libtorrent mktorrent
	go run ./bench -warren bin/warren $(if $(CHIHAYA),-chihaya $(CHIHAYA))

dpi: build ## record transfers, and ask nDPI and Wireshark what they take them for
	@.ci/need dpi chromium iproute2 libndpi-bin openssl python3-libtorrent tcpdump tshark
	go run ./bench/dpi -warren bin/warren

pages: build ## measure the page of a node beside Flood's, Transmission's and qBittorrent's
	@.ci/need pages chromium npm qbittorrent-nox transmission-daemon
	go run ./bench/pages -warren bin/warren

deb: build bin/deb ## build the Debian package into dist/, install, upgrade and remove it
	@.ci/need deb busybox-static git gzip
	packaging/check

bin/deb: tools/deb/go.mod tools/deb/go.sum tools/deb/main.go
	@.ci/need deb
	CGO_ENABLED=0 go -C tools/deb build -trimpath -o $(CURDIR)/bin/deb .

fuzz: ## run every fuzz target for FUZZTIME (1m; 500000x counts inputs)
	@.ci/need fuzz gcc libc6-dev
	FUZZTIME=$(FUZZTIME) .ci/fuzz

nightly: ## long fuzz (10m a target), race detector RACES times over, 1000 seeds, full interop, benchmarks
	$(MAKE) fuzz FUZZTIME=10m
	go test -race -count=$(RACES) -timeout 60m $$(go list ./... | grep -v /e2e)
	$(MAKE) sim SEEDS=1000
	$(MAKE) test WARREN_E2E=full
	$(MAKE) bench

cross: ## build and vet for linux/arm64, darwin/arm64 and windows/amd64
	@for target in linux/arm64 darwin/arm64 windows/amd64; do \
	  echo "cross: $$target"; \
	  export CGO_ENABLED=0 GOOS=$${target%/*} GOARCH=$${target#*/}; \
	  go vet $$(go list ./... | grep -v /e2e); \
	  $(BUILD) -o bin/$$GOOS-$$GOARCH/ ./cmd/warren; \
	done

reproducible: ## build the last commit in two places and compare
	@.ci/need reproducible git
	.ci/reproducible

clean: ## remove what was built
	rm -rf bin
