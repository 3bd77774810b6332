#!/usr/bin/env bash
# `npm test`: format, lint, types, then every test. Each of the first three counts as one test. The last line sums up.
set -uo pipefail
cd "$(dirname "$0")/.."

passed=0
failed=0
check() {
  echo "== $1"
  if "${@:2}"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $1"; fi
}

check "format" npx prettier --check --log-level warn .
check "lint" npx eslint .
check "types" npx tsc --noEmit

results=$(mktemp)
trap 'rm -f "$results"' EXIT
echo "== tests"
# Clusters two at a time: nine JVMs each keep two cores busy, and a broker that gets no processor for seconds loses its session.
# Each worker has ports of its own (testbed/harness/testProject.ts).
for run in unit:3 e2e:2; do
  : >"$results"
  npx jest --selectProjects "${run%:*}" --maxWorkers="${run#*:}" --json --outputFile "$results"
  # A suite that could not even be loaded has no failed test: it counts as one.
  read -r p f s < <(node -e '
    const text = require("node:fs").readFileSync(process.argv[1], "utf8");
    const r = text === "" ? { numPassedTests: 0, numFailedTests: 1, numRuntimeErrorTestSuites: 0, numPendingTests: 0 } : JSON.parse(text);
    console.log(r.numPassedTests, r.numFailedTests + r.numRuntimeErrorTestSuites, r.numPendingTests);
  ' "$results")
  passed=$((passed + p))
  failed=$((failed + f))
  skipped=$((${skipped:-0} + s))
done

if ((skipped > 0)); then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
((failed == 0))
