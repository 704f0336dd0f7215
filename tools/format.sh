#!/usr/bin/env bash
# Formats every C++ file; with --check changes nothing and fails where one is not formatted. The version is pinned: another one differs.
set -euo pipefail
cd "$(dirname "$0")/.."
case ${1:-} in
  '') what=(-i) ;;
  --check) what=(--dry-run -Werror) ;;
  *) echo "usage: tools/format.sh [--check]" >&2; exit 2 ;;
esac
find src bench fuzz cmake tests \( -name '*.cc' -o -name '*.h' \) -print0 | xargs -0 -n 64 -P "$(nproc)" clang-format-19 "${what[@]}"
