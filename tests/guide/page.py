"""Reads a page of docs/guide: its blocks, what each is for, and its tables.

The first word of a block's fence is its language; the words after it, which no reader sees, are for the tests:

    ```sh run=tls          commands that the test runs, after those of the earlier blocks of `tls`
    ```text shown=tls      what the block before it prints, line by line; `...` stands for anything
    ```conf file=x.conf    a file; in a scenario's folder it lies before the scenario begins
    ```sh                  not run here: it needs a package manager, Docker or an account
"""

import dataclasses
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REDIS_GUIDE = ROOT / "docs/guide/redis.md"

FENCE = re.compile(r"^```(\w*) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclasses.dataclass
class Block:
    """A fenced block: `kind` is run, shown or file, empty for one that is none of the test's business."""

    kind: str
    name: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    source = page.read_text(encoding="utf-8")
    found = []
    for match in FENCE.finditer(source):
        kind, _, name = match.group(2).partition("=")
        found.append(Block(kind, name, match.group(3), source.count("\n", 0, match.start()) + 1))
    return found


@dataclasses.dataclass
class Step:
    """Commands, and the lines that they have to print, in this order."""

    commands: str
    line: int
    shown: list[str] = dataclasses.field(default_factory=list)


def scenarios(page: Path) -> dict[str, list[Step]]:
    """The commands of a page, by the scenario that they belong to."""
    found: dict[str, list[Step]] = {}
    for block in blocks(page):
        if block.kind == "run":
            found.setdefault(block.name, []).append(Step(block.text, block.line))
        elif block.kind == "shown":
            found[block.name][-1].shown += [line for line in block.text.splitlines() if line.strip()]
    return found


def files(page: Path) -> dict[str, str]:
    return {block.name: block.text for block in blocks(page) if block.kind == "file"}


def plain(text: str) -> str:
    """Text as it is compared: without marks of layout, one blank between words."""
    return " ".join(text.replace("`", "").replace("\\|", "|").split())


def rows(page: Path) -> list[list[str]]:
    """The cells of all tables' rows, but for the heads."""
    found = []
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("|") and not set(line) <= set("|-: "):
            found.append([plain(cell) for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return found


def as_pattern(text: str, placeholder: str) -> re.Pattern[str]:
    """Text in which what fits `placeholder` stands for anything."""
    return re.compile(".+?".join(re.escape(part) for part in re.split(placeholder, text)))
