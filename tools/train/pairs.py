"""Pairs to learn from, made so that the number of shared words tells nothing about them. No torch here.

Pairs are made once and sorted into decks: by source, by the share of words that the two texts have in common (its
band), and by label. A draw takes a source by its weight, one of its bands, then a label by a coin, then the next pair
of that deck. So in each band of each source half of what is drawn has the same answer.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product

from check_cards import overlap
from data import Card, Question, Sentences

BANDS = 10

# How often a pair comes from each. Sentences are few, and longer than questions.
WEIGHTS = {"cards": 0.52, "questions": 0.42, "sentences": 0.06}

# Texts of different cards that are nearer than this may well have the same answer.
NEAREST_OF_OTHERS = 0.85
NEIGHBOURS, STRANGERS = 2, 1

# For each text, the other texts nearest first: (index, cosine).
Nearest = Callable[[Sequence[str]], Sequence[Sequence[tuple[int, float]]]]


@dataclass(frozen=True)
class Pair:
    """Two texts, whether they have the same answer, and what kind of pair it is."""

    first: str
    second: str
    same: bool
    kind: str

    @property
    def band(self) -> int:
        """0 for the fewest shared words to BANDS - 1 for the most."""
        return min(BANDS - 1, int(overlap(self.first, self.second) * BANDS))


def pairs_of_card(card: Card) -> Iterator[Pair]:
    """All pairs that a card holds: rewordings, near misses of each, near misses among themselves, one with itself."""
    for first, second in combinations((card.ask, *card.same), 2):
        yield Pair(first, second, True, "far")
    for first, second in [*product((card.ask, *card.same), card.close), card.close]:
        yield Pair(first, second, True, "close")
    for first, (second, kind) in product(card.with_one_answer, card.differ):
        yield Pair(first, second, False, kind)
    for (first, _), (second, _) in combinations(card.differ, 2):
        yield Pair(first, second, False, "two near misses")
    text, _ = card.differ[0]
    yield Pair(text, text, True, "itself")


def pairs_across_cards(cards: Sequence[Card], nearest: Nearest, rng: random.Random) -> Iterator[Pair]:
    """Each text with its neighbours from other cards, and with strangers."""
    owned = [(text, card.id) for card in cards for text in (*card.with_one_answer, *(text for text, _ in card.differ))]
    for (text, owner), neighbours in zip(owned, nearest([text for text, _ in owned])):
        others = (owned[i][0] for i, cosine in neighbours if owned[i][1] != owner and cosine < NEAREST_OF_OTHERS)
        for other in islice(others, NEIGHBOURS):
            yield Pair(text, other, False, "neighbour")
        for other, its_owner in rng.sample(owned, STRANGERS):
            if its_owner != owner:
                yield Pair(text, other, False, "stranger")


def pairs_of_questions(
    questions: Sequence[Question], nearest: Nearest, rng: random.Random, open_answers: frozenset[str]
) -> Iterator[Pair]:
    """Pairs of a public set: near and far questions of one intent, and neighbours of another.

    Two of one intent are left out where that settles no answer: intents of `open_answers`, and other numbers.
    """
    by_answer = defaultdict(list)
    for question in questions:
        by_answer[question.answer].append(question.text)
    for (text, answer), neighbours in zip(questions, nearest([question.text for question in questions])):
        if answer is None:  # nobody knows what such a question is the same as. It is a neighbour of others
            continue
        near = [questions[i] for i, _ in neighbours]
        others = [other.text for other in near if other.answer != answer]
        for other in others[:NEIGHBOURS]:
            yield Pair(text, other, False, "neighbour")
        for stranger in rng.sample(questions, STRANGERS):
            if stranger.answer != answer:
                yield Pair(text, stranger.text, False, "stranger")
        if answer in open_answers:
            continue
        alike = [other.text for other in near if other.answer == answer]
        for other in [*alike[:NEIGHBOURS], rng.choice(by_answer[answer])]:
            if other != text and numbers(other) == numbers(text):
                yield Pair(text, other, True, "one intent")


def pairs_of_sentences(sentences: Sequence[Sentences]) -> Iterator[Pair]:
    for pair in sentences:
        yield Pair(pair.first, pair.second, pair.same, "sentences")


def numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+", text))


class Deck:
    """Deals its pairs in random order, each once before any comes again."""

    def __init__(self, pairs: Sequence[Pair], rng: random.Random):
        self._pairs, self._rng, self._left = list(pairs), rng, []

    def deal(self) -> Pair:
        if not self._left:
            self._left = self._rng.sample(self._pairs, len(self._pairs))
        return self._left.pop()


class Mixture:
    """Draws pairs for ever: by source, band and label as this module's text says, in either order, with noise.

    The same sources and seed give the same pairs. A band where one label is missing gives none.
    """

    def __init__(self, sources: dict[str, Sequence[Pair]], seed: int, weights: dict[str, float] = WEIGHTS):
        self.rng = random.Random(seed)
        self.counts: dict[str, Counter[tuple[int, bool]]] = {}  # pairs by source, and there by band and label
        self._cells: list[tuple[str, int]] = []
        self._weights: list[float] = []
        self._decks: dict[tuple[str, int, bool], Deck] = {}
        for name, pairs in sources.items():
            by_cell = defaultdict(list)
            for pair in pairs:
                by_cell[pair.band, pair.same].append(pair)
            self.counts[name] = Counter({cell: len(pairs) for cell, pairs in by_cell.items()})
            bands = [band for band in range(BANDS) if by_cell[band, True] and by_cell[band, False]]
            # By the root of the scarcer label's number: rich bands more often, poor ones not worn out.
            roots = {band: min(len(by_cell[band, same]) for same in (True, False)) ** 0.5 for band in bands}
            for band in bands:
                self._cells.append((name, band))
                self._weights.append(weights[name] * roots[band] / sum(roots.values()))
                for same in (True, False):
                    self._decks[name, band, same] = Deck(by_cell[band, same], self.rng)

    def draw(self) -> tuple[str, Pair]:
        """A source's name and a pair of it."""
        ((name, band),) = self.rng.choices(self._cells, self._weights)
        pair = self._decks[name, band, self.rng.random() < 0.5].deal()
        texts = [noisy(text, self.rng) for text in (pair.first, pair.second)]
        self.rng.shuffle(texts)
        return name, Pair(*texts, pair.same, pair.kind)

    def table(self, drawn: int = 20_000) -> str:
        """How many pairs there are and how they are drawn, by source and band. Uses up `drawn` pairs."""
        found = Counter()
        for _ in range(drawn):
            name, pair = self.draw()
            found[name, pair.band, pair.same] += 1
        lines = ["source     shared words      same   differ   same drawn, differ drawn (% of all)"]
        for name, counts in self.counts.items():
            for band in sorted({band for band, _ in counts}):
                same, differ = (100 * found[name, band, label] / drawn for label in (True, False))
                lines.append(
                    f"{name:<10} {band / BANDS:.1f} to {(band + 1) / BANDS:.1f}  "
                    f"{counts[band, True]:>8,} {counts[band, False]:>8,}   {same:>10.1f}  {differ:>12.1f}"
                )
        return "\n".join(lines)


def batches(mixture: Mixture, size: int, window: int = 64) -> Iterator[list[tuple[str, Pair]]]:
    """Batches for ever. Within a window of batches pairs of like length go together, so that little is padding."""
    while True:
        drawn = sorted((mixture.draw() for _ in range(size * window)), key=lambda d: len(d[1].first) + len(d[1].second))
        cut = [drawn[start : start + size] for start in range(0, len(drawn), size)]
        mixture.rng.shuffle(cut)
        yield from cut


def noisy(text: str, rng: random.Random) -> str:
    """The text, half of the time with another case or punctuation, now and then with a typo. Its meaning stays."""
    if rng.random() < 0.5:
        return text
    if rng.random() < 0.4:
        text = text.lower() if rng.random() < 0.8 else text[:1].upper() + text[1:]
    if rng.random() < 0.4:
        text = text.rstrip(".?!") if text[-1:] in ".?!" else text + rng.choice(".?!")
    if rng.random() < 0.3:
        text = re.sub(r"(?<=[a-z])'(?=[a-z])", "", text)
    if rng.random() < 0.3:
        text = re.sub(r"(?<=[a-z]), (?=[a-z])", " ", text)
    if rng.random() < 0.15:
        text = misspelt(text, rng)
    return text or "?"


def misspelt(text: str, rng: random.Random) -> str:
    """Two neighbouring letters of a long word swapped, or one of them left out."""
    long_words = list(re.finditer(r"\b[a-z]{7,}\b", text))
    if not long_words:
        return text
    word = rng.choice(long_words)
    at = rng.randrange(word.start() + 1, word.end() - 2)
    return text[:at] + rng.choice((text[at + 1] + text[at], text[at])) + text[at + 2 :]
