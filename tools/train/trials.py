"""What the scorer is measured on: pairs and streams of what it was not trained on."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import data
from check_cards import overlap
from data import Card, Question
from pairs import Pair, pairs_of_card, pairs_of_sentences
from vectors import Vectors

CANDIDATES = 8  # as many as the product retrieves


@dataclass(frozen=True)
class Trial:
    """Pairs under a name."""

    name: str
    pairs: Sequence[Pair]


@dataclass(frozen=True)
class Stream:
    """Questions in the order in which they come, and for each its nearest earlier ones as (position, cosine)."""

    name: str
    questions: Sequence[Question]
    candidates: Sequence[Sequence[tuple[int, float]]]

    def right(self, position: int, earlier: int) -> bool:
        """Whether the earlier question's answer answers the later one."""
        answer = self.questions[position].answer
        return answer is not None and answer == self.questions[earlier].answer

    @property
    def trial(self) -> Trial:
        """Each question with its candidates."""
        pairs = [
            Pair(question.text, self.questions[earlier].text, self.right(position, earlier), "stream")
            for position, (question, candidates) in enumerate(zip(self.questions, self.candidates))
            for earlier, _ in candidates
        ]
        return Trial(f"{self.name}, stream", pairs)

    @property
    def answerable(self) -> float:
        """The share of questions whose answer an earlier one had."""
        seen, found = set(), 0
        for question in self.questions:
            found += question.answer is not None and question.answer in seen
            seen.add(question.answer)
        return found / max(1, len(self.questions))


def trials_of_cards(cards: Iterable[Card]) -> list[Trial]:
    """The held-out cards: all pairs, far and close rewordings apart, equal words, by domain, by kind of near miss."""
    held_out = [card for card in cards if card.is_held_out]
    of_card = {card.id: [pair for pair in pairs_of_card(card) if pair.kind != "itself"] for card in held_out}
    every = [pair for pairs in of_card.values() for pair in pairs]
    close = {text for card in held_out for text in card.close}
    far = {text for card in held_out for text in card.same}

    def without(texts: set[str]) -> list[Pair]:
        return [
            pair
            for pair in every
            if pair.first not in texts and pair.second not in texts and pair.kind != "two near misses"
        ]

    trials = [
        Trial("cards", every),
        Trial("cards, far", without(close)),
        Trial("cards, close", without(far)),
        Trial("cards, equal words", [pair for pair in every if overlap(pair.first, pair.second) == 1]),
    ]
    for domain in sorted(data.HELD_OUT_DOMAINS):
        trials.append(
            Trial(f"  {domain}", [pair for card in held_out if card.domain == domain for pair in of_card[card.id]])
        )
    of_kind = defaultdict(list)
    for card in held_out:
        for kind in {kind for _, kind in card.differ}:
            of_kind[kind] += [pair for pair in of_card[card.id] if pair.same or pair.kind == kind]
    return trials + [
        Trial(f"  by {kind}", of_kind[kind]) for kind in sorted(of_kind, key=lambda kind: -len(of_kind[kind]))
    ]


def trial_of_sentences(folder: Path) -> Trial:
    return Trial("PAWS-X", list(pairs_of_sentences(data.split_sentences(data.read_paws(folder))[1])))


def streams(cards: Iterable[Card], folder: Path, vectors: Vectors, length: int, seed: int) -> list[Stream]:
    """Streams of at most `length` questions: held-out cards, held-out intents, the bots of HINT3."""
    rng = random.Random(seed)
    held_out = [card for card in cards if card.is_held_out]
    of_cards = [questions_of_card(card) for card in rng.sample(held_out, len(held_out))]
    clinc, banking = (data.split_questions(read(folder))[1] for read in (data.read_clinc, data.read_banking))
    settled = [question for question in clinc if question.answer not in data.OPEN_INTENTS]
    texts = {
        "cards": [question for questions in of_cards for question in questions][:length],
        "CLINC150": clinc,
        "CLINC150, settled": settled,
        "BANKING77": banking,
        **{f"HINT3 {bot}": questions for bot, questions in data.read_hint3(folder).items()},
    }
    return [
        stream(name, rng.sample(questions, min(length, len(questions))), vectors) for name, questions in texts.items()
    ]


def questions_of_card(card: Card) -> list[Question]:
    """Its texts as questions; each near miss has an answer of its own."""
    return [
        *(Question(text, card.id) for text in card.with_one_answer),
        *(Question(text, f"{card.id}: {text}") for text, _ in card.differ),
    ]


def stream(name: str, questions: Sequence[Question], vectors: Vectors) -> Stream:
    matrix = vectors.of([question.text for question in questions])
    candidates = []
    for position in range(len(questions)):
        cosines = matrix[:position] @ matrix[position]
        nearest = np.argsort(-cosines, kind="stable")[:CANDIDATES]
        candidates.append([(int(earlier), float(cosines[earlier])) for earlier in nearest])
    return Stream(name, questions, candidates)


def some_pairs(cards: Iterable[Card], folder: Path, vectors: Vectors, count: int) -> dict[str, list[Pair]]:
    """At most `count` pairs of each kind of set, always the same ones."""
    rng = random.Random(0)
    of_streams = {stream.name: stream.trial for stream in streams(cards, folder, vectors, length=400, seed=1)}
    sets = [trials_of_cards(cards)[0], trial_of_sentences(folder), of_streams["CLINC150"], of_streams["BANKING77"]]
    return {trial.name: rng.sample(list(trial.pairs), min(count, len(trial.pairs))) for trial in sets}
