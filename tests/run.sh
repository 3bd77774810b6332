#!/usr/bin/env bash
# `npm test`: format, lint, types, then the test files, or a part of that (npm test -- --help says which). The last line sums up.
cd "$(dirname "$0")/.." || exit
exec node --require tsx/cjs tests/support/main.ts "$@"
