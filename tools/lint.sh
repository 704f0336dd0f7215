#!/usr/bin/env bash
# clang-tidy (.clang-tidy) over the C++ files that differ from a commit, changes not committed yet included: tools/lint.sh [COMMIT],
# HEAD~1 where none is named. "tools/lint.sh all [FOLDER…]" takes every file of src/ or of these folders, those of a folder together,
# which is several times faster than one by one. A header is read with its .cc.
set -euo pipefail
cd "$(dirname "$0")/.."

changed_since() {
  { git diff --name-only --diff-filter=d "$1"; git ls-files --others --exclude-standard; } |
    grep -E '^(src|bench)/.*\.(cc|h)$' | sed 's/\.h$/.cc/' | sort -u | while read -r file; do [ ! -f "$file" ] || echo "$file"; done
}

# compiled together by CMake: the batches of a folder's library, tests and the few that stand alone.
batches() {
  local folder=${1//\//_}
  grep -oE '"file": "[^"]+"' build/lint-all/compile_commands.json | cut -d'"' -f4 |
    grep -E "/CMakeFiles/hanse_${folder}(_test)?\.dir/Unity/|^$PWD/src/$1/[a-z0-9_]+\.cc$" || true
}

# A compile database of clang's, without precompiled headers, and the generated headers.
if [ "${1:-}" = all ]; then
  build=build/lint-all
  cmake --preset lint -B $build -DHANSE_UNITY=ON >/dev/null
  shift
  [ $# -gt 0 ] || mapfile -t all < <(grep -oE '^[a-z/]+' src/modules.txt)
  files=$(for folder in "$@" "${all[@]:-}"; do [ -z "$folder" ] || batches "$folder"; done | sort -u)
else
  build=build/lint
  files=$(changed_since "${1:-HEAD~1}" || true)
  [ -n "$files" ] || { echo "lint: no C++ has changed since ${1:-HEAD~1}"; exit 0; }
  cmake --preset lint >/dev/null
fi
cmake --build $build --target hanse_wire_generated >/dev/null
echo "lint: $(wc -w <<<"$files") files"
xargs -n 1 -P "${JOBS:-$(nproc)}" clang-tidy-19 --quiet -p $build <<<"$files"
