#!/usr/bin/env python3
"""Holds the includes under src/, mock/ and bench/ against the layers of ARCHITECTURE.md.

A folder includes only folders of lower layers and its own; siblings never include each other. Where a folder has
parts (PARTS), a part includes only itself and lower parts of its folder; its tests may use the whole folder. Tests obey
as well otherwise, and they alone include what tests share (tests/support); main.cc stands above all. `--self-test`
proves that each kind of fault is found.
"""

import re
import sys
import tempfile
from pathlib import Path

LAYERS = [
    ["base"],
    ["net", "config", "metrics"],
    ["http", "redis", "db", "encoder"],
    ["entry"],
    ["provider", "cache", "semantic", "ledger"],
    ["store"],
    ["gateway"],
    ["server", "admin", "mock"],
    ["app", "bench", "cli"],
]

# The parts of a folder, lowest first: sub-folders, and files of its own by their names. What is not listed stands above.
PARTS = {
    "provider": [["json"], ["litellm"], ["wire"], ["rules"], ["families"]],
    "gateway": [["shared"], ["ask"], ["settle"], ["sources"], ["assemble"], ["send"]],
}

# The commands wire an app of their own where no gateway runs, and one of them is the benchmark: the only steps sideways.
SIDEWAYS = {("cli", "app"), ("cli", "bench")}

# The fake provider and the load of the benchmark lie beside src/. The former must not share the gateway's faults, so it shares none of the gateway's code,
# and none of its own goes into the gateway.
BESIDE_SRC = ["mock", "bench"]
MAY_ONLY_INCLUDE = {"mock": {"base"}}
MAY_ONLY_BE_INCLUDED_BY = {"mock": {"bench", "cli"}}

LAYER_OF = {folder: number for number, folders in enumerate(LAYERS) for folder in folders}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def part_of(path: Path) -> tuple[str, int]:
    """A file's part of its folder, and how high that stands."""
    name = path.parts[1] if len(path.parts) > 2 else path.stem
    parts = PARTS.get(path.parts[0], [])
    return name, next((rank for rank, names in enumerate(parts) if name in names), len(parts))


def fault_of_parts(path: Path, included: Path) -> str | None:
    """Says what is wrong with one file including another of the same folder, or None."""
    (part, rank), (target, target_rank) = part_of(path), part_of(included)
    is_on_top = rank == len(PARTS.get(path.parts[0], [])) or path.name.endswith("_test.cc")
    is_right = is_on_top or part == target or target_rank < rank
    return None if is_right else f'"{included}": {target} is not below {part}'


def parent_of(folder: str, root: Path) -> Path:
    """Where a folder of the table lies in the project `root`."""
    return root if folder in BESIDE_SRC else root / "src"


def fault_of(path: Path, included: str, root: Path) -> str | None:
    """Says what is wrong with the file `path`, seen from its folder's parent, including "`included`", or None."""
    folder = path.parts[0]
    target = included.split("/")[0]
    if target == "support":
        return None if path.name.endswith("_test.cc") else f'"{included}" is for tests alone'
    if "/" not in included:
        return f'"{included}" does not name its folder, as in "{folder}/{included}"'
    if target not in LAYER_OF:
        return f'"{included}" lies in no folder of the table'
    if not (parent_of(target, root) / included).is_file():
        return f'"{included}" does not exist'
    if target == folder:
        return fault_of_parts(path, Path(included))
    if target not in MAY_ONLY_INCLUDE.get(folder, LAYER_OF):
        return f'"{included}": {folder} may include only {", ".join(sorted(MAY_ONLY_INCLUDE[folder]))}'
    if folder not in MAY_ONLY_BE_INCLUDED_BY.get(target, LAYER_OF):
        return f'"{included}": {target} is only for {", ".join(sorted(MAY_ONLY_BE_INCLUDED_BY[target]))}'
    if (folder, target) in SIDEWAYS or LAYER_OF[target] < LAYER_OF[folder]:
        return None
    relation = "a sibling of" if LAYER_OF[target] == LAYER_OF[folder] else "above"
    return f'"{included}": {target} is {relation} {folder}'


def faults_under(root: Path) -> tuple[list[str], int]:
    """Checks the source files of the project `root`: the faults as `file:line: reason`, and the number of includes."""
    faults, count = [], 0
    tops = [root / "src", *(root / folder for folder in BESIDE_SRC)]
    for path in sorted(p for top in tops for p in top.rglob("*") if p.suffix in {".h", ".cc"}):
        top = path.relative_to(root).parts[0]
        place = path.relative_to(parent_of(top, root))
        if len(place.parts) == 1:
            if place.name != "main.cc":
                faults.append(f"{path}:1: only main.cc lies outside the folders")
            continue
        folder = place.parts[0]
        if folder not in LAYER_OF:
            faults.append(f"{path}:1: the folder {folder} is in no layer; give it one in {Path(__file__).name}")
            continue
        text = path.read_text(encoding="utf-8")
        for match in INCLUDE.finditer(text):
            count += 1
            reason = fault_of(place, match.group(1), root)
            if reason:
                faults.append(f"{path}:{text.count(chr(10), 0, match.start(1)) + 1}: {reason}")
    return faults, count


def self_test() -> None:
    """Builds small trees with one fault each, and one with none, and checks what is said of them."""
    headers = ["base/bytes.h", "net/tls.h", "config/load.h", "http/head.h", "cache/key.h", "gateway/gateway.h",
               "app/app.h", "mock/server.h", "provider/wire.h", "provider/registry.h", "provider/json/tree.h",
               "provider/rules/judge.h", "provider/families/chat.h", "bench/load.h", "gateway/ask/ask.h",
               "gateway/send/send.h"]
    cases = [
        ("net/tls.cc", "base/bytes.h", None),
        ("gateway/gateway.cc", "cache/key.h", None),
        ("cache/key_test.cc", "cache/key.h", None),
        ("cli/serve.cc", "app/app.h", None),
        ("cli/doctor/doctor.cc", "bench/load.h", None),
        ("bench/load.cc", "base/bytes.h", None),
        ("bench/load.cc", "bench/load.h", None),
        ("mock/chat.cc", "base/bytes.h", None),
        ("main.cc", "app/app.h", None),
        ("base/bytes.cc", "net/tls.h", "net is above base"),
        ("base/bytes_test.cc", "net/tls.h", "net is above base"),
        ("net/tls.cc", "config/load.h", "config is a sibling of net"),
        ("app/app.cc", "cli/serve.h", "does not exist"),
        ("app/app.cc", "bench/load.h", "bench is a sibling of app"),
        ("bench/load.cc", "app/app.h", "app is a sibling of bench"),
        ("mock/chat.cc", "http/head.h", "mock may include only base"),
        ("cli/mock.cc", "mock/server.h", None),
        ("app/app.cc", "mock/server.h", "mock is only for bench, cli"),
        ("net/tls_test.cc", "support/net/socket.h", None),
        ("net/tls.cc", "support/net/socket.h", "is for tests alone"),
        ("net/tls.cc", "bytes.h", "does not name its folder"),
        ("net/tls.cc", "misc/bytes.h", "in no folder of the table"),
        ("provider/rules/list.cc", "provider/json/tree.h", None),
        ("provider/rules/list_test.cc", "provider/families/chat.h", None),
        ("provider/families/chat.cc", "provider/rules/judge.h", None),
        ("provider/registry.cc", "provider/families/chat.h", None),
        ("provider/contract_test.cc", "provider/registry.h", None),
        ("provider/json/tree.cc", "provider/rules/judge.h", "rules is not below json"),
        ("provider/wire.cc", "provider/rules/judge.h", "rules is not below wire"),
        ("provider/rules/list.cc", "provider/families/chat.h", "families is not below rules"),
        ("provider/families/chat.cc", "provider/registry.h", "registry is not below families"),
        ("gateway/sources/exact.cc", "gateway/ask/ask.h", None),
        ("gateway/sources/exact.cc", "gateway/send/send.h", "send is not below sources"),
        ("gateway/gateway.cc", "gateway/send/send.h", None),
        ("misc/bytes.cc", "base/bytes.h", "is in no layer"),
        ("other.cc", "base/bytes.h", "outside the folders"),
    ]
    for source, included, expected in cases:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name in [*headers, source]:
                file = parent_of(name.split("/")[0], root) / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.touch()
            file.write_text(f'// A comment.\n#include <string>\n#include "{included}"\n', encoding="utf-8")
            faults, _ = faults_under(root)
            found = faults[0] if faults else None
            agreed = expected in found if expected and found else expected == found
            if not agreed or len(faults) > 1:
                sys.exit(f"check_layers.py: {source} including {included}: expected {expected}, found {faults}")


def main() -> None:
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        return
    root = Path(__file__).resolve().parent.parent
    faults, count = faults_under(root)
    for fault in faults:
        print(fault.removeprefix(f"{root}/"))
    if faults:
        sys.exit(1)
    print(f"layers: {count} includes obey")


if __name__ == "__main__":
    main()
