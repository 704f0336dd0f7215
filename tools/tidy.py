#!/usr/bin/env python3
"""The repository's own rules, as a test: who may include whom, names, sizes, READMEs, headers that compile alone.

tidy.py [--headers COMPILER FLAGS…]: with --headers also compiles every header by itself.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SRC = ROOT / "src"
BAD_WORDS = re.compile(r"(?i)(utils?|helpers?|manager|common|impl)(\.|_|$)")
LINES_MAX, LINE_LENGTH_MAX, README_LINES_MAX = 600, 132, 60
# How much of an old sin is left: it may only become less. Lower the number when you mend some.
RATCHET = {"long lines": int((ROOT / "tools" / "tidy_ratchet.txt").read_text().split("=")[1])}
# Names of third-party headers that stay behind one folder each.
HEAVY = {"duckdb.hpp": "engine", "sqlite3.h": ("store/sqlite", "audit"), "libpq-fe.h": "store/postgres"}


def modules() -> dict[str, list[str]]:
    """modules.txt: folder -> the folders that it may see."""
    seen: dict[str, list[str]] = {}
    for line in (SRC / "modules.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        folder, sees = line.split(":", 1)
        names = list(seen) if sees.strip() == "*" else sees.split()
        for name in names:
            if name not in seen:
                yield_error("src/modules.txt", f"{folder} names {name}, which no line above declares")
        seen[folder] = names
    return seen


errors: list[str] = []
long_lines: list[str] = []


def yield_error(where, what: str) -> None:
    errors.append(f"{where}: {what}")


def folder_of(path: pathlib.Path, folders) -> str | None:
    """The longest folder of modules.txt that holds `path`."""
    relative = path.relative_to(SRC).parent.as_posix()
    fits = [f for f in folders if relative == f or relative.startswith(f + "/")]
    return max(fits, key=len, default=None)


def check_includes(path: pathlib.Path, text: str, seen: dict[str, list[str]]) -> None:
    folder = folder_of(path, seen)
    if folder is None:
        yield_error(path.relative_to(ROOT), "stands in no folder of src/modules.txt")
        return
    for include in re.findall(r'^#include "([^"]+)"', text, re.M):
        target = folder_of(SRC / include, seen)
        if target is None:
            if (SRC / include).exists() or include.split("/")[0] in ("src", "bench", "tests", "fuzz"):
                yield_error(path.relative_to(ROOT), f'#include "{include}" is of no folder of src/modules.txt')
        elif target != folder and target not in seen[folder]:
            yield_error(path.relative_to(ROOT), f'#include "{include}": {folder} may not see {target} (src/modules.txt)')
    for header, homes in HEAVY.items():
        homes = (homes,) if isinstance(homes, str) else homes
        if re.search(rf"^#include [<\"]{re.escape(header)}", text, re.M) and folder not in homes:
            yield_error(path.relative_to(ROOT), f"{header} stays behind {' and '.join(homes)}")


def check_file(path: pathlib.Path, text: str) -> int:
    where = path.relative_to(ROOT)
    lines = text.splitlines()
    if not re.fullmatch(r"[a-z0-9_]+\.(h|cc)", path.name):
        yield_error(where, "file names are snake_case, .h and .cc")
    if BAD_WORDS.search(path.stem):
        yield_error(where, "says nothing: name it after what it does")
    if path.suffix == ".h" and "#pragma once" not in text:
        yield_error(where, "#pragma once is missing")
    if len(lines) > LINES_MAX:
        yield_error(where, f"{len(lines)} lines: at most {LINES_MAX}; split it along what it does")
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_LENGTH_MAX and 'R"' not in line and "http" not in line:
            long_lines.append(f"{where}:{number}: {len(line)} characters: at most {LINE_LENGTH_MAX}")
        if re.search(r"\bTODO\b|\bFIXME\b|\bXXX\b", line):
            yield_error(f"{where}:{number}", "an open end: build it, or refuse it by name")
        if re.search(r"^\s*using namespace std;", line):
            yield_error(f"{where}:{number}", "using namespace std")
    return len(lines)


def check_readmes(folders) -> None:
    for folder in folders:
        readme = SRC / folder / "README.md"
        if not readme.exists():
            yield_error(f"src/{folder}", "has no README.md")
        elif len(readme.read_text().splitlines()) > README_LINES_MAX:
            yield_error(readme.relative_to(ROOT), f"over {README_LINES_MAX} lines")


def check_headers(command: list[str]) -> None:
    """Each header compiles alone: all in one go would hide what one takes from another."""
    for header in sorted(SRC.rglob("*.h")):
        done = subprocess.run([*command, "-fsyntax-only", "-x", "c++", str(header)], capture_output=True, text=True)
        if done.returncode:
            yield_error(header.relative_to(ROOT), "does not compile alone:\n" + done.stderr[:2000])


def main() -> int:
    seen = modules()
    sizes = []
    for path in sorted([*SRC.rglob("*.h"), *SRC.rglob("*.cc")]):
        text = path.read_text()
        check_includes(path, text, seen)
        sizes.append(check_file(path, text))
    if sum(size > 250 for size in sizes) > len(sizes) // 10:
        yield_error("src", f"{sum(s > 250 for s in sizes)} of {len(sizes)} files have over 250 lines: at most one in ten")
    check_readmes(seen)
    if len(sys.argv) > 2 and sys.argv[1] == "--headers":
        check_headers(sys.argv[2:])
    if len(long_lines) > RATCHET["long lines"]:
        errors.extend(long_lines)
        yield_error("tools/tidy_ratchet.txt", f"{len(long_lines)} long lines: at most {RATCHET['long lines']}; make format")
    for error in errors:
        print(error)
    print(f"tidy: {len(sizes)} files, {len(errors)} errors")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
