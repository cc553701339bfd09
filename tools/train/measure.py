"""Measures: how well scores tell pairs apart, and what a cache that trusts them serves. numpy only."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


def average_precision(labels: Sequence[bool], scores: Sequence[float]) -> float:
    """The area under precision over recall, 0 to 1. A coin has the share of positives. Ties count as one step."""
    precision, recall, _ = curve(labels, scores)
    return float(np.sum(np.diff(recall, prepend=0) * precision))


def recall_at(precision_wanted: float, labels: Sequence[bool], scores: Sequence[float]) -> float:
    """The largest recall that a threshold has at this precision, 0 to 1."""
    precision, recall, _ = curve(labels, scores)
    return float(max(recall[precision >= precision_wanted], default=0.0))


def threshold_at(precision_wanted: float, labels: Sequence[bool], scores: Sequence[float]) -> float:
    """The lowest threshold at this precision; infinite where there is none."""
    precision, _, thresholds = curve(labels, scores)
    return float(min(thresholds[precision >= precision_wanted], default=np.inf))


def curve(labels: Sequence[bool], scores: Sequence[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(precision, recall, threshold) at each distinct score, highest first."""
    labels, scores = np.asarray(labels, bool), np.asarray(scores, np.float64)
    order = np.argsort(-scores, kind="stable")
    ends = np.flatnonzero(np.diff(scores[order], append=-np.inf))
    right = np.cumsum(labels[order])[ends]
    return right / (ends + 1), right / max(1, labels.sum()), scores[order][ends]


def logistic(features: np.ndarray, labels: Sequence[bool], rounds: int = 30) -> np.ndarray:
    """Weights of a logistic regression (the last one is the constant), by Newton's method with a little ridge."""
    x = np.column_stack([features, np.ones(len(features))]).astype(np.float64)
    y, weights = np.asarray(labels, np.float64), np.zeros(x.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-x @ weights))
        ridge = 1e-3 * np.eye(x.shape[1])
        weights += np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]) + ridge, x.T @ (y - p) - ridge @ weights)
    return weights


@dataclass(frozen=True)
class Candidate:
    """An earlier question of a stream: its position, its score, and whether its answer would have been right."""

    position: int
    score: float
    right: bool


@dataclass(frozen=True)
class Served:
    """What a cache did with a stream."""

    questions: int
    served: int
    wrong: int

    @property
    def coverage(self) -> float:
        return self.served / max(1, self.questions)


def simulate(stream: Sequence[Sequence[Candidate]], threshold: float) -> Served:
    """Serves each question from its best candidate at or above the threshold, or else stores it.

    A question that was served is not stored, so it is nobody's candidate.
    """
    stored, wrong = set(), 0
    for position, candidates in enumerate(stream):
        best = max((c for c in candidates if c.position in stored), key=lambda c: c.score, default=None)
        if best is None or best.score < threshold:
            stored.add(position)
        else:
            wrong += not best.right
    return Served(len(stream), len(stream) - len(stored), wrong)


def most_served(stream: Sequence[Sequence[Candidate]], most_wrong: float, thresholds: int = 200) -> Served:
    """The most that any threshold serves with at most this share of what it serves wrong."""
    best_scores = [max(c.score for c in candidates) for candidates in stream if candidates]
    tried = np.unique(np.quantile(best_scores, np.linspace(0, 1, thresholds))) if best_scores else []
    runs = [simulate(stream, threshold) for threshold in tried]
    return max(
        (run for run in runs if run.wrong <= most_wrong * run.served),
        key=lambda run: run.served,
        default=Served(len(stream), 0, 0),
    )
