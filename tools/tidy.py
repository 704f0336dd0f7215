#!/usr/bin/env python3
"""The repository's own rules, as a test: who may include whom, names, sizes, READMEs, and that what READMEs promise is there."""
import fnmatch
import pathlib
import posixpath
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SRC = ROOT / "src"
BAD_WORDS = re.compile(r"(?i)(utils?|helpers?|manager|common|impl)(\.|_|$)")
LINES_MAX, LINE_LENGTH_MAX, README_LINES_MAX = 600, 132, 60
# Folders of C++ beside src/, which have no module of their own.
BESIDE = ("bench", "fuzz", "cmake", "tests")
# What prose names as a pattern or as something made by the build.
NO_FILES = ("src/store/migrations/NNNN_folder.sql", "*_operations.h", "_operations.h", "wire/glue.h")
TRACKED = ("src", "tests", "tools", "docs", "cmake", "bench", "fuzz", "CMake*", "*.md")
# Names of third-party headers that stay behind one folder each.
HEAVY = {"duckdb.hpp": "engine", "sqlite3.h": ("store/sqlite", "audit"), "libpq-fe.h": ("store/postgres", "warehouse")}


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
        if len(line) > LINE_LENGTH_MAX:
            yield_error(f"{where}:{number}", f"{len(line)} characters: at most {LINE_LENGTH_MAX}")
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


def test_cases(sources: list[pathlib.Path]) -> set[str]:
    """Every "Suite.Case" of the tests."""
    macro = re.compile(r"^\s*(?:TYPED_)?TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)", re.M)
    return {f"{suite}.{case}" for path in sources for suite, case in macro.findall(path.read_text())}


def named_files(line: str) -> list[str]:
    return [name for code in re.findall(r"`([^`]+)`", line)
            for name in re.findall(r"(?<![\w/.])[\w/*.-]+\.(?:h|cc|py|sh|sql|txt|md|cmake|json)\b", code) if name not in NO_FILES]


def named_folders(line: str) -> list[str]:
    return [name for code in re.findall(r"`([^`]+)`", line)
            for name in re.findall(r"(?<![\w/.])(?:bench|cmake|docs|fuzz|src|tests|tools)(?:/[a-z_]+)+/?(?![\w/.*-])", code)]


def named_tests(line: str, of_tests: bool) -> list[str]:
    """Patterns of "Suite.Case"; in a table that ends in tests a case may stand without its suite."""
    names = [n for n in re.findall(r"`([A-Z]\w+\.[\w…*]+)`", line) if not named_files(f"`{n}`")]
    if of_tests:
        names += [f"*.{name}" for name in re.findall(r"`((?:[A-Z][a-z0-9…]*){3,})`", line.rstrip(" |").split("|")[-1])]
    return [name.replace("…", "*") for name in names]


def check_promises(sources: list[pathlib.Path]) -> None:
    """Files and tests that READMEs and docs name are there: a promise that nothing holds is worse than none."""
    files = {path.relative_to(ROOT).as_posix() for top in TRACKED for found in ROOT.glob(top)
             for path in ([found] if found.is_file() else found.rglob("*"))}
    cases = test_cases(sources)
    for page in sorted(ROOT / name for name in files if name.endswith(".md")):
        here = page.parent.relative_to(ROOT).as_posix()
        of_tests = False
        for line in page.read_text().splitlines():
            of_tests = line.startswith("|") and (of_tests or re.search(r"\| tests? \|$", line) is not None)
            for name in named_files(line):
                if not any(fnmatch.filter(files, posixpath.normpath(at)) for at in (f"{here}/{name}", f"src/{name}", name)):
                    yield_error(page.relative_to(ROOT), f"{name} is not there")
            for name in named_folders(line):
                if not (ROOT / name).is_dir():
                    yield_error(page.relative_to(ROOT), f"{name} is not there")
            for name in named_tests(line, of_tests):
                if not fnmatch.filter(cases, name):
                    yield_error(page.relative_to(ROOT), f"no test is called {name}")


def main() -> int:
    seen = modules()
    sizes = []
    sources = sorted(p for top in ("src", *BESIDE) for p in (ROOT / top).rglob("*") if p.suffix in (".h", ".cc"))
    for path in sources:
        text = path.read_text()
        if path.is_relative_to(SRC):
            check_includes(path, text, seen)
        sizes.append(check_file(path, text))
    if sum(size > 250 for size in sizes) > len(sizes) // 10:
        yield_error("src", f"{sum(s > 250 for s in sizes)} of {len(sizes)} files have over 250 lines: at most one in ten")
    check_readmes(seen)
    check_promises(sources)
    for error in errors:
        print(error)
    print(f"tidy: {len(sizes)} files, {len(errors)} errors")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
