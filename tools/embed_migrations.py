#!/usr/bin/env python3
"""Writes store/migrations/NNNN_name.sql as one C++ source: the list that store::Migrations() returns."""
import pathlib
import sys

folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
entries = []
for number, path in enumerate(sorted(folder.glob("*.sql")), start=1):
    stem_number, name = path.stem.split("_", 1)
    if int(stem_number) != number:
        sys.exit(f"{path}: migrations are numbered without gaps; expected {number:04}")
    lines = [line for line in path.read_text().splitlines() if not line.lstrip().startswith("--")]
    text = "\n".join(lines) + "\n"
    # Pieces below the length that compilers promise for a string literal.
    pieces = "\n".join(f'R"sql({text[i:i + 8000]})sql"' for i in range(0, len(text), 8000))
    entries.append(f'    {{{number}, "{name}",\n{pieces}}},')
source = "\n".join([
    '#include "store/store.h"', "", "namespace hanse::store {", "",
    "std::span<const Migration> Migrations() {", "  static constexpr Migration kAll[] = {", *entries, "  };", "  return kAll;", "}", "",
    "}  // namespace hanse::store", ""])
if not out.exists() or out.read_text() != source:
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(source)
