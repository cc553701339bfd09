#!/usr/bin/env python3
"""Takes the walk-through's files out of CONTRIBUTING.md into a tree of their own.

    take.py <CONTRIBUTING.md> <project> <tree>

A fenced block is a file where the paragraph above it ends in the file's path and a colon, `like/this.cc`:. A path that
the project has already gets what the block adds: `#include` lines after its last one, all else at the end of its table.
Also copied are the files which the tests of a changed tree must read from that tree.
"""

import re
import sys
from pathlib import Path

BLOCK = re.compile(r"`([^`\n]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TABLE_END = "  };\n  return rows;\n"
# golden.h finds tests/golden from where it lies itself.
COPIED = ["src/provider/contract_test.cc", "tests/support/provider/golden.h"]


def extended(text: str, addition: str, name: str) -> str:
    """A file of the project with a block's includes and rows."""
    lines = addition.splitlines(keepends=True)
    includes = "".join(line for line in lines if line.startswith("#include"))
    rows = "".join(line for line in lines if line.strip() and not line.startswith("#include"))
    after_last = text.rfind("\n#include") + 1
    after_last = text.index("\n", after_last) + 1
    if text.count(TABLE_END) != 1:
        sys.exit(f"{name} no longer has one table that ends in {TABLE_END!r}")
    text = text[:after_last] + includes + text[after_last:]
    return text.replace(TABLE_END, rows + TABLE_END)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main() -> None:
    page, project, tree = map(Path, sys.argv[1:])
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    for name, text in blocks:
        original = project / name
        write(tree / name, extended(original.read_text(encoding="utf-8"), text, name) if original.is_file() else text)
    for name in COPIED:
        write(tree / name, (project / name).read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
