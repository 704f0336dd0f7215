#!/usr/bin/env bash
# Fetches what the build needs into .deps/, each thing pinned by version and SHA-256, and installs the Debian packages of
# tools/debian-packages.txt that are missing (root or sudo). Running it again does nothing: a stamp names what is there.
set -euo pipefail
cd "$(dirname "$0")/.."

botocore_version=1.44.5
botocore_sha256=8f16a56d1dff125dd65322ae021efa7ba5195a6db5102b96862566055b748921
duckdb_version=1.5.6
duckdb_library=@duckdb/node-bindings-linux-x64@1.5.6-r.1
duckdb_library_sha256=3f4962cdd266eab2b479a5b5a4a6d063d279b2954ae814ed00385d553b747633
jdbc_version=42.7.7
jdbc_sha256=157963d60ae66d607e09466e8c0cdf8087e9cb20d0159899ffca96bca2528460
duckdb_sdist_sha256=166a91dbfacfc0c9f08cc76c0243cb6d3d4296bfab5bad72a3cfb63140a5b7c8

say() { printf 'deps: %s\n' "$*"; }
fail() { printf 'deps: %s\n' "$*" >&2; exit 1; }
check() { echo "$2  $1" | sha256sum --check --quiet - || fail "$1 is not the file that is pinned (SHA-256 $2)"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else fail "needs root or sudo for: $*"; fi
}

debian_packages() {
  local missing=()
  for package in $(sed 's/#.*//' tools/debian-packages.txt); do
    # A compiler, Node.js or Python that is there already, whoever put it there, will do.
    case $package in
      nodejs|npm) command -v "${package/nodejs/node}" >/dev/null && continue ;;
      nginx-light) command -v nginx >/dev/null && continue ;;
    esac
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "installing ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

service_models() {
  say "service models: botocore $botocore_version"
  python3 -m pip download -q --no-deps --only-binary :all: -d "$work" "botocore==$botocore_version"
  check "$work"/botocore-*.whl "$botocore_sha256"
  mkdir -p .deps/botocore
  python3 -m zipfile -e "$work"/botocore-*.whl "$work/botocore"
  cp -r "$work/botocore/botocore/data/." .deps/botocore/
}

duckdb() {
  say "DuckDB $duckdb_version: library"
  (cd "$work" && npm pack --silent "$duckdb_library" >/dev/null && tar -xzf duckdb-node-bindings-*.tgz)
  check "$work/package/libduckdb.so" "$duckdb_library_sha256"
  rm -rf .deps/duckdb  # A header of another version would stay.
  mkdir -p .deps/duckdb/lib .deps/duckdb/include
  cp "$work/package/libduckdb.so" .deps/duckdb/lib/
  say "DuckDB $duckdb_version: headers of the same commit"
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q 'cmake>=3.29' ninja scikit-build-core pybind11 setuptools_scm
  "$work/venv/bin/pip" download -q --no-binary :all: --no-deps --no-build-isolation -d "$work" "duckdb==$duckdb_version"
  check "$work/duckdb-$duckdb_version.tar.gz" "$duckdb_sdist_sha256"
  tar -xzf "$work/duckdb-$duckdb_version.tar.gz" -C "$work"
  cp -r "$work/duckdb-$duckdb_version/external/duckdb/src/include/." .deps/duckdb/include/
}

test_python() {
  say "Python packages of the tests"
  python3 -m venv .deps/venv
  .deps/venv/bin/pip install -q -r tests/requirements.txt
}

lake_clients() {
  say "awswrangler, PyAthena and dbt"
  python3 -m venv .deps/lake-clients
  .deps/lake-clients/bin/pip install -q -r tests/lake_clients/requirements.txt
}

jdbc_driver() {
  say "PostgreSQL's JDBC driver $jdbc_version"
  mvn -q -B -Dmaven.repo.local="$work/m2" dependency:get "-Dartifact=org.postgresql:postgresql:$jdbc_version" -Dtransitive=false
  local jar=$work/m2/org/postgresql/postgresql/$jdbc_version/postgresql-$jdbc_version.jar
  check "$jar" "$jdbc_sha256"
  mkdir -p .deps/jdbc
  cp "$jar" .deps/jdbc/postgresql.jar
}

once() {  # once NAME KEY FUNCTION: runs FUNCTION unless it has run for the same KEY.
  local stamp=.deps/$1.done
  [ "$(cat "$stamp" 2>/dev/null)" = "$2" ] && return
  "$3"
  echo "$2" > "$stamp"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p .deps
[ "${HANSE_SKIP_APT:-}" = 1 ] || debian_packages
once botocore "$botocore_sha256" service_models
once duckdb "$duckdb_library_sha256 $duckdb_sdist_sha256" duckdb
if [ "${1:-}" = tests ]; then
  once venv "$(sha256sum < tests/requirements.txt)" test_python
  once lake-clients "$(sha256sum < tests/lake_clients/requirements.txt)" lake_clients
  # The test of a Java program is left out where there is no JDK.
  if command -v java >/dev/null && command -v mvn >/dev/null; then once jdbc "$jdbc_sha256" jdbc_driver; fi
fi
exit 0
