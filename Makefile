# Everything that one does with this project, by name. `make` lists it.

TEST_PACKAGES := tshark python3 iproute2 util-linux procps gcc g++ binutils pkg-config \
	openobex-apps libopenobex2 obexftp socat perl libbluetooth-dev libusb-1.0-0
# Stations on real terminals, programs with ports, and TCP that tries again and again are in real time; ports in modelled time keep an
# event loop busy all the time. Those tests have the machine to themselves.
REAL_TIME := (Cable|PortCommand|Serve|Signal)Tests
MODELLED_TIME := (Leaving|Unplugging|USBPort|USBProbe|DonglePort|PortProbe|RawBridge|StreamSource|AdapterMatrix|AdapterThroughput)Tests
ALONE := $(REAL_TIME)|$(MODELLED_TIME)
# What runs in real time, and what runs programs, is too slow for a sanitizer, or out of its sight.
SANITIZED := SocketBackendsTests InternetBackendTests WinsockTests ConnectRulesTests BackendTestKitTests OBEXTests \
	IrDAProtocolTests IrDASimulationTests IrDAServiceTests IrDABackendTests
CODE := $(wildcard Sources Tests Plugins Benchmarks Fuzz Package.swift)
LIBRARIES := $(shell sed -n 's|.*\.library(name: "\([^"]*\)", targets: \["\1"\]).*|\1|p' Package.swift)

.DEFAULT_GOAL := help
.PHONY: help demo test kill format lint docs bench matrix fuzz external sanitized install clean install-tools swift

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: swift ## build irsock and watch it work on simulated infrared; FILE=/path takes that file along
	swift build -c release --product irsock
	.build/release/irsock demo "$(or $(FILE),README.md)"

test: swift ## run all tests, with warnings as errors
	@scripts/need-packages "by the tests" $(TEST_PACKAGES)
	IRSOCK_STRICT=1 swift test --parallel --skip '$(ALONE)'
	IRSOCK_STRICT=1 swift test --no-parallel --filter '$(ALONE)'

kill: swift ## kill programs, services, the medium and the line at 200 points; KILL_POINTS=N for others
	IRSOCK_STRICT=1 KILL_POINTS=$(or $(KILL_POINTS),200) swift test --no-parallel --filter 'Kill(Serve)?Tests'

format: swift ## format the code
	swift format --in-place --recursive $(CODE)

lint: swift ## check the format of the code, changing nothing
	swift format lint --strict --recursive $(CODE)

docs: swift ## write the documentation of the libraries to docs/api
	swift package --allow-writing-to-directory docs/api generate-documentation \
		$(addprefix --target ,$(LIBRARIES)) --enable-experimental-combined-documentation \
		--warnings-as-errors --transform-for-static-hosting --output-path docs/api

bench: swift ## measure; JSON=FILE writes the figures there too
	for product in irsock irsock-preload irsock-af-irda; do swift build -c release --product $$product || exit; done
	swift run -c release --package-path Benchmarks irsock-bench $(if $(JSON),--json "$(abspath $(JSON))")

matrix: swift ## run every kind of link, a megabyte each (minutes)
	swift run -c release --package-path Benchmarks irsock-bench --filter matrix

fuzz: swift ## fuzz each target for half a minute, from the corpus; FUZZ='-max_total_time=600' for longer
	scripts/fuzz $(or $(FUZZ),-max_total_time=30)

external: swift ## follow docs/add-an-address-family.md in a package outside
	scripts/test-external-package

sanitized: swift ## run the tests under the thread and the address sanitizer
	scripts/test-sanitized thread $(SANITIZED)
	scripts/test-sanitized address $(SANITIZED)

install: swift ## install irsock, the C headers and their library below PREFIX (/usr/local)
	@scripts/install "$(or $(PREFIX),/usr/local)"

clean: ## remove what was built
	rm -rf .build .build-thread .build-address Benchmarks/.build Fuzz/.build docs/api

install-tools: swift ## install what the other targets need
	@scripts/need-packages "by the tests" $(TEST_PACKAGES)

swift:
	@command -v swift >/dev/null || { \
		echo "Swift 6.3 or newer is needed, and there is no 'swift' on the PATH." >&2; \
		echo "Install it as https://www.swift.org/install/linux/ says, then try again." >&2; \
		exit 1; \
	}
