"""The arithmetic of the tables, on cases small enough to count by hand. Skipped where numpy is missing."""

import random

import pytest

numpy = pytest.importorskip("numpy")

import measure  # noqa: E402  (it needs numpy)
from measure import Candidate  # noqa: E402


def test_average_precision_of_a_known_order():
    labels, scores = [True, False, True, False], [0.9, 0.8, 0.7, 0.6]
    assert measure.average_precision(labels, scores) == pytest.approx((1 + 2 / 3) / 2)


def test_equal_scores_cannot_be_told_apart():
    assert measure.average_precision([True, False, True, False], [0.5] * 4) == pytest.approx(0.5)
    assert measure.average_precision([False, True, False, True], [0.5] * 4) == pytest.approx(0.5)


def test_recall_and_threshold_at_a_precision():
    labels, scores = [True, True, False, True], [4, 3, 2, 1]
    assert measure.recall_at(1.0, labels, scores) == pytest.approx(2 / 3)
    assert measure.threshold_at(1.0, labels, scores) == 3
    assert measure.recall_at(0.75, labels, scores) == 1
    assert measure.recall_at(0.95, [False, True], [2, 1]) == 0
    assert measure.threshold_at(0.95, [False, True], [2, 1]) == numpy.inf


def test_logistic_finds_the_feature_that_tells():
    rng = random.Random(1)
    features = numpy.array([[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(2000)])
    labels = [rng.random() < 1 / (1 + numpy.exp(-(2 * x - 1))) for x, _ in features]
    assert measure.logistic(features, labels) == pytest.approx([2, 0, -1], abs=0.25)


def test_what_was_served_is_not_stored():
    """The third question finds the first, not the second, which was served."""
    stream = [[], [Candidate(0, 0.9, True)], [Candidate(1, 0.95, True), Candidate(0, 0.4, True)]]
    assert measure.simulate(stream, 0.5) == measure.Served(3, 1, 0)
    assert measure.simulate(stream, 0.3) == measure.Served(3, 2, 0)
    assert measure.simulate(stream, 1.0) == measure.Served(3, 0, 0)


def test_the_threshold_that_serves_the_most_within_the_bound():
    stream = [[]] + [
        [Candidate(0, score, right)] for score, right in ((0.9, True), (0.8, True), (0.7, False), (0.6, True))
    ]
    assert measure.most_served(stream, 0.0) == measure.Served(5, 2, 0)
    assert measure.most_served(stream, 0.25) == measure.Served(5, 4, 1)
    assert measure.most_served([[], [Candidate(0, 0.9, False)]], 0.02) == measure.Served(2, 0, 0)
