#!/usr/bin/env python3
"""Holds the cards against the rules of data/cards/README.md that a program can hold them against.

usage: check_cards.py [--quiet] [FILE...]     without files: every *.jsonl of data/cards

Prints each fault with its file and line, then counts. Exits 1 when there is any fault. Needs nothing but Python.
"""

import argparse
import functools
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

CARDS = Path(__file__).resolve().parents[2] / "data/cards"
MEMBERS = {"id", "lang", "domain", "ask", "same", "close", "differ"}
LANGUAGES = {"en", "hi", "hi-Latn"}
KINDS = set(
    """number unit date name negation opposite direction order quantifier scope question state condition object
               place person format version comparative degree""".split()
)
SAME, CLOSE, DIFFER = 4, 2, 4
# A card may be a long prompt of a coding agent, and no document.
FEWEST_WORDS, MOST_WORDS = 2, 120
# Hindi is spelt in more than one way, and in two scripts.
LEAST_CLOSE_OVERLAP = {"en": 0.4, "hi": 0.25, "hi-Latn": 0.25}


@functools.cache
def words(text: str) -> frozenset[str]:
    """Runs of letters, combining marks and digits: Devanagari's vowel signs are marks, which \\w leaves out."""
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in text.lower())
    return frozenset(kept.split())


def overlap(a: str, b: str) -> float:
    """The share of their words that two texts have in common (Jaccard), 0 to 1."""
    one, other = words(a), words(b)
    return len(one & other) / max(1, len(one | other))


def folded(text: str) -> str:
    """What two texts of different cards may not have in common: all but case, blanks and the mark at the end."""
    return re.sub(r"\s+", " ", text).strip().lower().rstrip(".?!।")


class Checker:
    """Reads files one after another: ids and texts are looked for in all that were read before."""

    def __init__(self) -> None:
        self.cards: list[dict] = []
        self.ids: set[str] = set()
        self.seen: dict[str, str] = {}

    def read(self, path: Path) -> Iterator[str]:
        """Yields what is wrong with a file, a line each."""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for fault in self.faults(line):
                yield f"{path.name}:{number}: {fault}"

    def faults(self, line: str) -> Iterator[str]:
        try:
            card = json.loads(line)
        except ValueError as error:
            yield f"not JSON: {error}"
            return
        shape = fault_of_shape(card)
        if shape:
            yield f"{card.get('id') if isinstance(card, dict) else line[:40]}: {shape}"
            return
        self.cards.append(card)
        if card["id"] in self.ids:
            yield f"{card['id']}: this id is there twice"
        self.ids.add(card["id"])
        for text in texts_of(card):
            if not FEWEST_WORDS <= len(text.split()) <= MOST_WORDS:
                yield f"{card['id']}: {len(text.split())} words: {text!r}"
            if text != text.strip():
                yield f"{card['id']}: white space around {text!r}"
            where = self.seen.setdefault(folded(text), card["id"])
            if where != card["id"]:
                yield f"{card['id']}: {text!r} stands in {where} too"
        if len(set(texts_of(card))) < len(texts_of(card)):
            yield f"{card['id']}: the same text twice"
        for text in card["close"]:
            shared = overlap(card["ask"], text)
            if shared < LEAST_CLOSE_OVERLAP[card["lang"]]:
                yield f"{card['id']}: shares few words ({shared:.2f}) with the question: {text!r}"


def fault_of_shape(card: object) -> str | None:
    """What keeps a value from being a card at all, or None."""
    if not isinstance(card, dict) or set(card) != MEMBERS:
        return f"the members of a card are {', '.join(sorted(MEMBERS))}"
    if card["lang"] not in LANGUAGES:
        return f"lang is one of {', '.join(sorted(LANGUAGES))}"
    for member, count in (("same", SAME), ("close", CLOSE), ("differ", DIFFER)):
        if not isinstance(card[member], list) or len(card[member]) != count:
            return f"{member} holds {count}"
    if any(not isinstance(d, dict) or set(d) != {"text", "why"} or d["why"] not in KINDS for d in card["differ"]):
        return f"each of differ has a text and a why, one of {', '.join(sorted(KINDS))}"
    if not all(isinstance(text, str) for text in texts_of(card)):
        return "texts are strings"
    return None


def texts_of(card: dict) -> list[str]:
    return [card["ask"], *card["same"], *card["close"], *(d["text"] for d in card["differ"])]


def summary(cards: list[dict]) -> str:
    """Counts, and how many words each group shares with the question on average: no group should be told by it."""
    lines = [f"{len(cards)} cards of {len({c['domain'] for c in cards})} domains"]
    groups = {
        "same": lambda c: c["same"],
        "close": lambda c: c["close"],
        "differ": lambda c: [d["text"] for d in c["differ"]],
    }
    for name, texts in groups.items():
        shared = [overlap(card["ask"], text) for card in cards for text in texts(card)]
        lines.append(f"  {name:<6} shares {sum(shared) / max(1, len(shared)):.2f} of its words with the question")
    kinds = Counter(d["why"] for card in cards for d in card["differ"])
    lines.append("  " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--quiet", action="store_true", help="faults only")
    options = parser.parse_args()
    checker = Checker()
    faults = [fault for path in options.files or sorted(CARDS.glob("*.jsonl")) for fault in checker.read(path)]
    print("\n".join(faults) + "\n" if faults else "", end="")
    if not options.quiet:
        print(summary(checker.cards))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
