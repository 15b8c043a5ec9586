# Everything one does with Weft in a checkout. Needs a Swift toolchain; `make setup`, which the others call,
# installs the rest.

SWIFT ?= swift
# More arguments for `swift build` and `swift test`, such as --sanitize=thread.
SWIFT_FLAGS ?=
# More arguments for `weft train digits`, such as --epochs 10.
DEMO_FLAGS ?=

# Homebrew keeps libomp where the linker does not look by itself.
ifeq ($(shell uname -s),Darwin)
libomp = -Xlinker -L$(shell brew --prefix 2>/dev/null)/opt/libomp/lib
endif
flags = $(libomp) $(SWIFT_FLAGS)

formatted = Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources Benchmarks/Tests

.PHONY: help setup build demo test format lint clean

help:
	@echo 'make demo     train a classifier of handwritten digits'
	@echo 'make test     run the tests'
	@echo 'make build    build the library and the weft command in release'
	@echo 'make format   format the Swift sources'
	@echo 'make lint     check the format of the Swift sources'
	@echo 'make setup    install libomp if it is missing'
	@echo 'make clean    remove what was built'

setup:
	@Scripts/setup

build: setup
	$(SWIFT) build -c release $(flags)

demo: setup
	$(SWIFT) build -c release --product weft $(flags)
	@"$$($(SWIFT) build -c release --show-bin-path $(flags))/weft" train digits $(DEMO_FLAGS)

test: setup
	$(SWIFT) test $(flags)

format:
	$(SWIFT) format --in-place --parallel --recursive $(formatted)

lint:
	$(SWIFT) format lint --strict --parallel --recursive $(formatted)

clean:
	rm -rf .build
