# SPDX-License-Identifier: Apache-2.0
# What one does with this repository. "make" alone lists it.

.DEFAULT_GOAL := help
.PHONY: help deps build test test-chart image image-twice manifests e2e fuzz tsan docs docs-detections docs-metrics docs-configuration lint format bench soak demo demo-down e2e-faults clean
MAKEFLAGS += --no-print-directory

swift_sources := Package.swift Sources Tests examples
# A module may import only what Package.swift declares, even if more is in reach.
strict := --explicit-target-dependency-import-check error
# What is shipped: one program that brings Swift's own libraries along.
release := --configuration release --static-swift-stdlib

# Only what stands on make's command line counts: a KUBECONFIG in the environment
# must not make the demonstration use somebody's real cluster.
given = $(if $(filter command line,$(origin $(1))),$(2) '$($(1))')
demo_options = $(call given,KUBECONFIG,--kubeconfig) $(call given,CONTEXT,--context) $(call given,NODE,--node) \
	$(call given,DEMO_IMAGE,--image)
soak_options = $(call given,SEEDS,--seeds) $(call given,FROM,--from) $(call given,SEED,--seed) \
	$(call given,JOBS,--jobs) $(call given,WRITES,--writes) $(call given,FAULT,--fault)

help: ## List these targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
		while IFS='|' read -r target text; do printf '%-25s %s\n' "$$target" "$$text"; done
	@echo
	@echo '  make demo KUBECONFIG=FILE CONTEXT=NAME   use a cluster that exists, start none'
	@echo '  make demo NODE=no                        do without a real node: recorded objects'

deps: ## Install the Debian packages that are missing
	@scripts/deps

build: deps ## Compile everything
	@swift build $(strict)

test: deps test-chart ## Build and run every test, against a real kube-apiserver and etcd
	@scripts/kubernetes-binaries >/dev/null
	@scripts/test $(strict)

test-chart: deps ## Test the Helm chart: what it renders, refuses and allows
	@scripts/kubernetes-binaries --no-controller-manager >/dev/null
	@scripts/test-chart

image: deps ## Make the container image and its list of contents, into build/
	@scripts/image

image-twice: deps ## Make the image in two directories, and see that it is the same bit for bit
	@scripts/image --twice

manifests: ## Render the chart into build/install.yaml, for kubectl apply --server-side (and install-1.20.yaml)
	@scripts/manifests
	@scripts/manifests --kube-version v1.20.0 --output build/install-1.20.yaml

fuzz: deps ## Read random and damaged JSON, beside Foundation, until Ctrl-C or for FUZZ_SECONDS
	@swift build --build-tests $(strict)
	@FUZZ_SECONDS=$${FUZZ_SECONDS:-inf} swift test --skip-build --filter 'JSONTests.FuzzTests/newSeeds'

docs-detections: ## Write docs/detections.md from what the analyzers say of themselves
	swift run aetherius detections > docs/detections.md.new
	mv docs/detections.md.new docs/detections.md

docs-metrics: ## Write docs/metrics.md from the descriptions of the metrics
	swift run aetherius metrics > docs/metrics.md.new
	mv docs/metrics.md.new docs/metrics.md

docs-configuration: ## Write docs/configuration.md from the table of settings
	swift run aetherius configuration > docs/configuration.md.new
	mv docs/configuration.md.new docs/configuration.md

tsan: deps ## Run the libraries' tests under ThreadSanitizer (compiles everything once more)
	@scripts/kubernetes-binaries >/dev/null
	@scripts/thread-sanitizer

lint: ## Check the form of the sources and scripts; change nothing
	@swift format lint --strict --parallel --recursive $(swift_sources)
	@scripts/lint

format: ## Bring the Swift sources into their form
	@swift format --in-place --parallel --recursive $(swift_sources)

docs: build ## Build the libraries' documentation; a link that leads nowhere is an error
	@scripts/docs

bench: deps ## Measure, beside client-go; one line of JSON for each figure (FIGURES=… for some)
	@scripts/kubernetes-binaries >/dev/null
	@swift build $(release) --product aetherius >&2
	@swift build $(release) --product Benchmark >&2
	@BENCHMARK_REFERENCE="$$(scripts/benchmark-reference)"; \
		[ -z "$$BENCHMARK_REFERENCE" ] || export BENCHMARK_REFERENCE; \
		"$$(swift build $(release) --show-bin-path)/Benchmark" $(FIGURES)

soak: deps ## Informers against a server that fails: SEEDS=200, or SEED=7
	@scripts/kubernetes-binaries >/dev/null
	@scripts/soak $(soak_options)

demo: ## Show it: real failures on a local Kubernetes, and what caused each
	@scripts/demo $(demo_options)

demo-down: ## End the demonstration and remove what it made
	@scripts/demo-down

e2e-faults: ## Break things on a real node in some forty ways, and see that each is told rightly
	@scripts/e2e-faults

e2e: ## Install it on a real node, and hurt it: everything goes on, and it may do what it does and no more
	@scripts/e2e

clean: ## Remove what was compiled
	@swift package clean
	@rm -rf build
