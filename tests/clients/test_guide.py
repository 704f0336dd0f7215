"""Guides of docs/guide, as a new user would follow them: the shell blocks of each in their order, on a server of its own.

A block of ```text after a block of ```sh shows what it prints: each of its lines stands in the output, in this order, white space apart;
"..." stands for anything. The block that starts a server is replaced by the test's own server.
"""
import os
import pathlib
import re
import subprocess

import pytest

from conftest import BINARY, ROOT
from warehouse_postgres import close_warehouse, open_warehouse

GUIDES = {"governance": 7, "query": 7, "postgres-clients": 3, "warehouse": 4}  # And how many steps each has at least.
MARK = "@@ block "


def blocks(text: str) -> list[tuple[str, str]]:
    """(commands, what they print) in their order."""
    found = []
    for kind, body in re.findall(r"^```(sh|text)\n(.*?)^```$", text, re.M | re.S):
        if kind == "sh":
            found.append((body, ""))
        else:
            found[-1] = (found[-1][0], body)
    return found


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def warehouse(request):
    """Of the guide that needs one."""
    if request.getfixturevalue("guide") != "warehouse":
        yield None
        return
    opened = open_warehouse()
    yield opened
    close_warehouse(opened)


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_does_what_it_says(new_server, tmp_path, guide, warehouse):
    at = f"127.0.0.1:{warehouse.port}" if warehouse else ""
    server = new_server(None, *(["--warehouse", at] if at else []))
    (tmp_path / "mesh").symlink_to(server.data)
    steps = [step for step in blocks((ROOT / f"docs/guide/{guide}.md").read_text()) if "hanse serve" not in step[0]]
    assert len(steps) >= GUIDES[guide]
    script = "set -euo pipefail\n" + "".join(f"echo '{MARK}{i}'\n{commands}" for i, (commands, _) in enumerate(steps))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/hanse").symlink_to(BINARY)
    environment = server.environment() | {"PATH": f"{tmp_path}/bin:{ROOT}/.deps/venv/bin:{os.environ['PATH']}",
                                          "PGHOST": "127.0.0.1", "PGPORT": str(server.ports[2]), "WAREHOUSE": at}
    done = subprocess.run(["bash", "-c", script], text=True, capture_output=True, env=environment, cwd=tmp_path, timeout=300,
                          stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    outputs = re.split(rf"^{MARK}\d+\n", done.stdout, flags=re.M)[1:]
    assert len(outputs) == len(steps)
    for (commands, expected), output in zip(steps, outputs):
        rest = plain(output)
        for line in expected.splitlines():
            pattern = ".*?".join(re.escape(part) for part in plain(line).split("..."))
            match = re.search(pattern, rest)
            assert match, f"{line!r} is not in what follows from\n{commands}\nwhich printed\n{output}"
            rest = rest[match.end():]
