#!/usr/bin/env python3
"""Measures a trained scorer on what it was not trained on, beside the encoder's cosine and both together.

Pairs: average precision (a coin has the share of positives), recall at 95 % precision, and the share of the pairs that
differ which the scorer lets pass at the threshold that gives it 95 % precision on all cards.

Streams: questions in a seeded order, each answered from its best candidate at or above a threshold, or else stored. The
threshold of each column is the one that serves the most with at most 2 % of what it serves wrong, so columns compare
at equal truth.

"Both" is a logistic regression of the scorer's logit and the cosine, three numbers fitted on all these pairs, each
set weighing the same.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

import data
import measure
import trials
from model import EncoderFile, Reader, saved_scorer, scores_of
from quantise import quantised
from vectors import Vectors

MOST_WRONG = 0.02
PRECISION = 0.95
COLUMNS = ("cosine", "scorer", "both")

Score = Callable[[Sequence[tuple[str, str]]], np.ndarray]


class Judges:
    """The three ways to judge a pair. Each pair is scored once, whatever it is asked for."""

    def __init__(self, score: Score, vectors: Vectors):
        self._score, self._vectors = score, vectors
        self._known: dict[tuple[str, str], float] = {}
        self._weights = np.array([1.0, 0.0, 0.0])

    def features(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """(pairs, 2): the scorer's logit, the cosine."""
        new = sorted(set(pairs) - self._known.keys())
        if new:
            self._known.update(zip(new, self._score(new).tolist()))
        first, second = (self._vectors.of([pair[side] for pair in pairs]) for side in (0, 1))
        return np.column_stack([[self._known[pair] for pair in pairs], np.sum(first * second, axis=1)])

    def fit(self, sets: Sequence[trials.Trial]) -> np.ndarray:
        """Learns what `both` is. Of each set as many pairs as the smallest one has."""
        least = min(len(trial.pairs) for trial in sets)
        rng = np.random.default_rng(0)
        chosen = [trial.pairs[i] for trial in sets for i in rng.permutation(len(trial.pairs))[:least]]
        self._weights = measure.logistic(self.features(texts_of(chosen)), [pair.same for pair in chosen])
        return self._weights

    def scores(self, pairs: Sequence[tuple[str, str]]) -> dict[str, np.ndarray]:
        """By column."""
        features = self.features(pairs)
        return {"cosine": features[:, 1], "scorer": features[:, 0], "both": features @ self._weights[:2]}


def texts_of(pairs: Sequence[trials.Pair]) -> list[tuple[str, str]]:
    return [(pair.first, pair.second) for pair in pairs]


def row_of_pairs(trial: trials.Trial, judges: Judges, threshold: float) -> str:
    labels = np.array([pair.same for pair in trial.pairs])
    scores = judges.scores(texts_of(trial.pairs))
    precisions = [measure.average_precision(labels, scores[column]) for column in COLUMNS]
    recalls = [100 * measure.recall_at(PRECISION, labels, scores[column]) for column in COLUMNS]
    return (
        f"{trial.name:<26} {len(labels):>6} {np.mean(labels):>5.2f}  "
        + " ".join(f"{p:>7.3f}" for p in precisions)
        + "   "
        + " ".join(f"{r:>6.1f}%" for r in recalls)
        + f"   {100 * np.mean(scores['scorer'][~labels] >= threshold):>5.1f}%"
    )


def row_of_stream(stream: trials.Stream, judges: Judges) -> str:
    cells = []
    for scores in judges.scores(texts_of(stream.trial.pairs)).values():
        left = iter(scores.tolist())
        judged = [
            [measure.Candidate(earlier, next(left), stream.right(position, earlier)) for earlier, _ in candidates]
            for position, candidates in enumerate(stream.candidates)
        ]
        served = measure.most_served(judged, MOST_WRONG)
        cells.append(f"{100 * served.coverage:>6.1f}% ({served.wrong:>2})")
    return f"{stream.name:<26} {len(stream.questions):>6} {100 * stream.answerable:>5.1f}%  " + "  ".join(cells)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--encoder", type=Path, required=True, metavar="WHEEL")
    parser.add_argument(
        "--natural", type=Path, required=True, metavar="DIR", help="holds clinc150/, banking77/, pawsx/, hint3/"
    )
    parser.add_argument("--cards", type=Path, default=Path(__file__).resolve().parents[2] / "data/cards", metavar="DIR")
    parser.add_argument("--work", type=Path, required=True, metavar="DIR", help="where train.py worked")
    parser.add_argument("--questions", type=int, default=1000, help="of each stream, at most")
    parser.add_argument("--seed", type=int, default=1, help="of the streams' orders")
    parser.add_argument("--quick", action="store_true", help="a tenth of the cards, 50 questions: to see that it works")
    parser.add_argument("--int8", action="store_true", help="as it ships, and not in fp32")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    file = EncoderFile(options.encoder)
    vectors = Vectors(options.work / "vectors.npz", file)
    scorer, read = saved_scorer(options.work / "scorer.safetensors", file), Reader(file.tokenizer)
    if options.int8:
        scorer = quantised(scorer)
    judges = Judges(lambda pairs: scores_of(pairs, scorer, read), vectors)

    cards = data.read_cards(options.cards)
    if options.quick:
        cards, options.questions = cards[::10], 50
    of_cards = trials.trials_of_cards(cards)
    of_sentences = trials.trial_of_sentences(options.natural)
    all_streams = trials.streams(cards, options.natural, vectors, options.questions, options.seed)
    of_streams = [stream.trial for stream in all_streams]
    weights = judges.fit([of_cards[0], of_sentences, *of_streams[1:]])

    widths = " ".join(f"{column:>7}" for column in COLUMNS)
    recall = f"recall at {PRECISION:.0%} precision"
    print(f"\n{'pairs':<26} number  coin  {'average precision':<23}   {recall:<23}   passes")
    print(f"{'':<39}  {widths}   {widths}")
    every = of_cards[0].pairs
    threshold = measure.threshold_at(PRECISION, [pair.same for pair in every], judges.scores(texts_of(every))["scorer"])
    for trial in [*of_cards, of_sentences, *of_streams]:
        print(row_of_pairs(trial, judges, threshold), flush=True)

    print(f"\n{'streams':<26} number  could  served, at most {MOST_WRONG:.0%} of it wrong (so many were)")
    print(f"{'':<40}  " + "  ".join(f"{column:>7}     " for column in COLUMNS))
    for stream in all_streams:
        print(row_of_stream(stream, judges), flush=True)
    print(f"\nboth = {weights[0]:.3f} x logit + {weights[1]:.3f} x cosine + {weights[2]:.3f}")


if __name__ == "__main__":
    main()
