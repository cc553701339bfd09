#!/usr/bin/env python3
"""Finds files that use a name of a precompiled header (cmake/module.cmake) and do not include it, by themselves or
through a header of ours: they would not compile where headers are not precompiled. `--self-test` proves that one is found.
"""

import functools
import re
import sys
import tempfile
from pathlib import Path

# What each header is included for, as it is written in the sources.
NAMES = {
    "algorithm": r"std::(ranges::(find|find_if|find_if_not|any_of|all_of|none_of|sort|copy|count|count_if|transform|"
                 r"min_element|max_element|lower_bound|upper_bound|equal_range|binary_search|contains|starts_with)|min|max|"
                 r"clamp)\s*[(<{]",
    "array": r"std::(array|to_array)\b",
    "chrono": r"std::chrono\b",
    "functional": r"std::(function|move_only_function|hash)\b",
    "map": r"std::(map|multimap)\b",
    "memory": r"std::((unique|shared|weak)_ptr|make_(unique|shared)|enable_shared_from_this)\b",
    "optional": r"std::(optional|nullopt)\b",
    "ranges": r"std::(views|ranges::to)\b",
    "string": r"std::(string|to_string|stoul|stoi)\b(?!_)",
    "string_view": r"std::string_view\b",
    "utility": r"std::(exchange|pair|in_range|cmp_less|cmp_greater|to_underlying)\b",
    "vector": r"std::vector\b",
    "boost/asio/any_io_executor.hpp": r"\basio::any_io_executor\b",
    "boost/asio/awaitable.hpp": r"\basio::awaitable\b",
    "fmt/format.h": r"\bfmt::(format|format_to|memory_buffer|join)\b",
}
# A header that brings another, as the standard or its makers say.
BRINGS = {
    "string": ["string_view"], "map": ["utility"], "optional": ["utility"],
    "fmt/core.h": ["fmt/format.h"], "fmt/ranges.h": ["fmt/format.h"], "fmt/chrono.h": ["fmt/format.h"], "gtest/gtest.h": list(NAMES),
}
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', re.MULTILINE)
COMMENT_OR_TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)
USES = {header: re.compile(pattern) for header, pattern in NAMES.items()}


class Tree:
    """The sources below a project's root."""

    def __init__(self, root: Path):
        self.root = root

    def sources(self) -> list[Path]:
        return [path for folder in ("src", "mock", "bench", "tests") for suffix in ("h", "cc")
                for path in sorted((self.root / folder).rglob(f"*.{suffix}")) if "node_modules" not in path.parts]

    def find(self, name: str) -> Path | None:
        places = (self.root / below / name for below in ("src", ".", "tests"))
        return next((place for place in places if place.is_file()), None)

    @functools.cache
    def reached(self, path: Path) -> frozenset[str]:
        """The headers that a file includes, with those of our headers among them."""
        found = set()
        for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            found |= {name, *BRINGS.get(name, [])}
            ours = self.find(name)
            if ours is not None:
                found |= self.reached(ours)
        return frozenset(found)

    def faults(self) -> list[str]:
        return [f"{path.relative_to(self.root)} lacks #include <{header}>"
                for path in self.sources() for header in self.missing(path)]

    def missing(self, path: Path) -> list[str]:
        text = COMMENT_OR_TEXT.sub("", path.read_text(encoding="utf-8").replace("#include", "//"))
        return [header for header, uses in USES.items() if uses.search(text) and header not in self.reached(path)]


def self_test() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "src/base"
        source.mkdir(parents=True)
        (source / "a.h").write_text("#include <string>\n")
        (source / "good.cc").write_text('#include "base/a.h"\nstd::string s; // std::vector\n')
        (source / "bad.cc").write_text('#include "base/a.h"\nstd::vector<int> v;\n')
        return Tree(Path(folder)).faults() == ["src/base/bad.cc lacks #include <vector>"]


def main() -> int:
    if "--self-test" in sys.argv[1:]:
        return 0 if self_test() else 1
    faults = Tree(Path(__file__).resolve().parent.parent).faults()
    print(*faults, sep="\n", end="\n" if faults else "", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
