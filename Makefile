# Everything one does with Weft in a checkout. Needs a Swift toolchain; `make setup`, which the others call,
# installs the rest.

SWIFT ?= swift
# More arguments for `swift build` and `swift test`, such as --sanitize=thread.
SWIFT_FLAGS ?=
# What `make bench` measures: groups or first parts of rows' names, and peers, separated by commas; all if empty.
ONLY ?=
PEERS ?=
# Not empty for a short run of the most telling rows.
QUICK ?=
# More arguments for `head-to-head`, such as --rounds 30.
BENCH_FLAGS ?=
# What `make bench-report` reads and writes.
RESULTS ?= Benchmarks/results
PAGE ?= BENCHMARKS.md
# The seed of the cases that `make parity` and `make conformance` draw, how many of each family, and which families; all if empty.
SEED ?= 2
CASES ?= 300
FAMILIES ?=
# Which of the operator database's samples `make conformance` compares, default or reference, and of which operations.
SAMPLES ?= default
OPS ?=
# More arguments for `weft train digits`, such as --epochs 10.
DEMO_FLAGS ?=

flags = $(SWIFT_FLAGS)

# `swift build` of the benchmarks, and of programs that need no Swift on the machine they run on.
benchmarks = $(SWIFT) build -c release --package-path Benchmarks $(flags)
static = $(benchmarks) --scratch-path Benchmarks/.build/static --static-swift-stdlib -Xlinker -s

# The size of a static binary is worth a build of its own only in a full run. macOS has no such binaries.
ifeq ($(QUICK)$(ONLY)$(PEERS)$(shell uname -s),Linux)
full = yes
endif

formatted = Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Benchmarks Benchmarks/Sources \
	Benchmarks/Tests Examples/Package.swift Examples/Sources

.PHONY: help setup build demo test parity conformance expressions examples docs bench bench-setup bench-repeat bench-report bench-micro \
	bench-sweep format lint clean

help:
	@echo 'make demo          train a classifier of handwritten digits'
	@echo 'make test          run the tests'
	@echo 'make parity        compare with PyTorch on many random cases; SEED=3 CASES=1000 FAMILIES="pooling" picks them'
	@echo 'make conformance   compare with PyTorch on its own samples of every operation; OPS=add,sort SAMPLES=reference picks'
	@echo 'make expressions   compile right and wrong lines, and time the compiler on each'
	@echo 'make examples      run the programs in Examples, which end with an error if what they show does not hold'
	@echo 'make docs          make the guide and the reference as web pages'
	@echo 'make bench         measure Weft against other libraries; QUICK=1 is short, ONLY=matmul,tape measures some'
	@echo 'make bench-setup   install these libraries, without which make bench reports them as absent'
	@echo 'make bench-repeat  make two quick runs and tell how well they agree'
	@echo 'make bench-report  write the latest results into BENCHMARKS.md'
	@echo 'make bench-micro   count the instructions of small operations, then time them; ONLY=tape/.* times some'
	@echo 'make bench-sweep   try blockings of matrix products; ONLY="512 1024x512x128" those of these'
	@echo 'make build         build the library and the weft command in release'
	@echo 'make format        format the Swift sources'
	@echo 'make lint          check the format of the Swift sources'
	@echo 'make setup         install libomp if it is missing'
	@echo 'make clean         remove what was built'

setup:
	@Scripts/setup

build: setup
	$(SWIFT) build -c release $(flags)

demo: setup
	$(SWIFT) build -c release --product weft $(flags)
	@"$$($(SWIFT) build -c release --show-bin-path $(flags))/weft" train digits $(DEMO_FLAGS)

test: setup
	$(SWIFT) test $(flags)

# Not part of the tests: PyTorch is not on every machine, and `make bench-setup` installs it.
parity: setup
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	for family in $(or $(FAMILIES),$(basename $(notdir $(wildcard Scripts/parity/families/*.py)))); do \
		Benchmarks/.venv/bin/python Scripts/parity/generate $$family "$$folder" --seed $(SEED) --count $(CASES) \
			|| exit 1; \
	done && \
	WEFT_PARITY_DIR="$$folder" $(SWIFT) test $(flags) --filter ParityTests

# Not part of the tests, which have some of these cases, and for the same reason.
conformance: setup
	$(SWIFT) build -c release --product weft-conformance $(flags)
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	Benchmarks/.venv/bin/python Scripts/conformance/generate "$$folder" --seed $(SEED) --samples $(SAMPLES) && \
	"$$($(SWIFT) build -c release --show-bin-path $(flags))/weft-conformance" "$$folder" --ops "$(OPS)"

# Not part of the tests: what it holds are the compiler's answers, and how long it takes for them.
expressions: setup
	@Scripts/expressions/check

examples: setup
	$(SWIFT) build --package-path Examples $(flags)
	@folder="$$($(SWIFT) build --package-path Examples --show-bin-path $(flags))"; \
	for program in Examples/Sources/*/main.swift; do \
		name=$$(basename "$$(dirname "$$program")"); echo "$$name"; "$$folder/$$name" || exit 1; \
	done

docs: setup
	@SWIFT="$(SWIFT)" Scripts/docs $(flags)

bench: setup
	$(benchmarks) --product weft-worker
	$(benchmarks) --product first-result
	$(benchmarks) --product head-to-head
	$(if $(full),$(static) --product first-result)
	@"$$($(benchmarks) --show-bin-path)/head-to-head" --folder Benchmarks --only "$(ONLY)" --peers "$(PEERS)" \
		$(if $(QUICK),--quick) $(BENCH_FLAGS) $(if $(full),--static-binary "$$($(static) --show-bin-path)/first-result")

bench-setup: setup
	@Benchmarks/Scripts/setup

bench-repeat: setup
	$(MAKE) bench QUICK=1 BENCH_FLAGS="--results Benchmarks/results/quick/first"
	$(MAKE) bench QUICK=1 BENCH_FLAGS="--results Benchmarks/results/quick/second"
	@"$$($(benchmarks) --show-bin-path)/head-to-head" compare Benchmarks/results/quick/first \
		Benchmarks/results/quick/second

bench-report: setup
	$(benchmarks) --product head-to-head
	@"$$($(benchmarks) --show-bin-path)/head-to-head" report --results $(RESULTS) --page $(PAGE)

# What may not get worse, by counts that can be repeated, and then times, which are those of this machine now.
bench-micro: setup
ifeq ($(shell uname -sm),Linux x86_64)
	Benchmarks/Scripts/instruction-counts $(SWIFT_FLAGS)
endif
	$(SWIFT) package --package-path Benchmarks $(flags) benchmark --no-progress $(if $(ONLY),--filter '$(ONLY)')

format:
	$(SWIFT) format --in-place --parallel --recursive $(formatted)

lint:
	$(SWIFT) format lint --strict --parallel --recursive $(formatted)

# Where the numbers in CKernels/gemm/plan.c come from.
bench-sweep: setup
	$(benchmarks) --product gemm-sweep
	@"$$($(benchmarks) --show-bin-path)/gemm-sweep" $(ONLY)

clean:
	rm -rf .build Benchmarks/.build Examples/.build
