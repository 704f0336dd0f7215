#!/usr/bin/env bash
# Runs the executable specifications that tests/acceptance.txt lists, against build/release/hanse. They stand beside the repository
# (HANSE_ACCEPTANCE, default ../shared/acceptance); without them there is nothing to run.
set -euo pipefail
cd "$(dirname "$0")/.."
acceptance=${HANSE_ACCEPTANCE:-../shared/acceptance}
if [ ! -d "$acceptance" ]; then
  echo "acceptance: $acceptance is not here; nothing to run"
  exit 0
fi
acceptance=$(cd "$acceptance" && pwd)
mapfile -t folders < <(sed 's/#.*//' tests/acceptance.txt | awk 'NF {print $1}')
export HANSE=${HANSE:-$PWD/build/release/hanse}
export PYTHONDONTWRITEBYTECODE=1
exec .deps/venv/bin/python -m pytest -c "$acceptance/pytest.ini" --rootdir "$acceptance" "${folders[@]/#/$acceptance/}" "$@"
