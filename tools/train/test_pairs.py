"""The maker of pairs: what it promises about labels, balance, order and what is held out. Needs no torch."""

import random
from collections import Counter

import pytest

import data
import pairs
from check_cards import CARDS
from data import Card, Question, Sentences

CARD = Card(
    "git-1",
    "en",
    "git tools",
    "How do I undo the last commit?",
    (
        "revert most recent commit",
        "take back what i just committed",
        "last commit, get rid of it",
        "drop newest commit",
    ),
    ("How can I undo the last commit?", "how do i undo my last commit"),
    (
        ("How do I undo the first commit?", "order"),
        ("How do I undo the last push?", "object"),
        ("How do I redo the last commit?", "opposite"),
        ("Why do I undo the last commit?", "question"),
    ),
)


def cards(count: int) -> list[Card]:
    """Cards whose texts share no words with another's."""

    def own(text: str, number: int) -> str:
        return " ".join(f"{word}{number}" for word in text.split())

    return [
        Card(
            f"card-{n:03}",
            "en",
            "domain",
            own(CARD.ask, n),
            tuple(own(t, n) for t in CARD.same),
            tuple(own(t, n) for t in CARD.close),
            tuple((own(t, n), why) for t, why in CARD.differ),
        )
        for n in range(count)
    ]


def in_order(texts):
    """A stand-in for the encoder: the texts that follow are the nearest, round in a circle."""
    return [
        [((i + step) % len(texts), 0.8 - step / 100) for step in range(1, min(30, len(texts)))]
        for i in range(len(texts))
    ]


def test_a_card_gives_all_its_rewordings_and_near_misses():
    made = list(pairs.pairs_of_card(CARD))
    kinds = Counter(pair.kind for pair in made)
    assert kinds == {
        "far": 10,
        "close": 11,
        "two near misses": 6,
        "itself": 1,
        "order": 7,
        "object": 7,
        "opposite": 7,
        "question": 7,
    }
    assert {pair.kind for pair in made if pair.same} == {"far", "close", "itself"}
    assert len({frozenset((p.first, p.second)) for p in made}) == len(made), "no pair comes twice"


def test_neighbours_of_other_cards_differ_unless_they_are_too_near():
    def too_near_first(texts):
        return [[((i + 11) % len(texts), 0.99), ((i + 22) % len(texts), 0.7)] for i in range(len(texts))]

    some = cards(4)
    made = list(pairs.pairs_across_cards(some, too_near_first, random.Random(1)))
    owner = {text: card.id for card in some for text in (*card.with_one_answer, *(text for text, _ in card.differ))}
    assert not any(pair.same or owner[pair.first] == owner[pair.second] for pair in made)
    neighbours = [pair for pair in made if pair.kind == "neighbour"]
    texts = list(owner)
    assert len(neighbours) == len(texts)
    assert all((texts.index(p.second) - texts.index(p.first)) % len(texts) == 22 for p in neighbours)


def test_questions_of_one_intent_are_the_same_only_where_that_settles_the_answer():
    questions = [
        Question(text, intent)
        for text, intent in (
            ("set a timer", "timer"),
            ("start a timer", "timer"),
            ("is my card blocked", "blocked"),
            ("why was my card blocked", "blocked"),
            ("send 20 euros", "send"),
            ("send 50 euros", "send"),
            ("who are you", None),
            ("who am i", None),
        )
    ]
    made = list(pairs.pairs_of_questions(questions, in_order, random.Random(1), frozenset({"timer"})))
    same = {frozenset((p.first, p.second)) for p in made if p.same}
    assert same == {frozenset(("is my card blocked", "why was my card blocked"))}
    assert not any({p.first, p.second} == {"who are you", "who am i"} for p in made), (
        "nobody knows whether these are the same"
    )
    assert not any({p.first, p.second} == {"set a timer", "start a timer"} for p in made), "nor these"


def test_in_each_band_of_shared_words_as_many_are_the_same_as_differ(monkeypatch):
    monkeypatch.setattr(pairs, "noisy", lambda text, rng: text)  # it may move a pair into another band
    some = cards(60)
    made = [pair for card in some for pair in pairs.pairs_of_card(card)]
    made += pairs.pairs_across_cards(some, in_order, random.Random(1))
    mixture = pairs.Mixture({"cards": made}, seed=3, weights={"cards": 1.0})
    drawn = Counter((pair.band, pair.same) for _, pair in (mixture.draw() for _ in range(20_000)))
    bands = {band for band, _ in drawn}
    assert len(bands) >= 4
    for band in bands:
        assert drawn[band, True] / (drawn[band, True] + drawn[band, False]) == pytest.approx(0.5, abs=0.06)


def test_sources_come_by_their_weights_and_in_both_orders():
    sources = {
        name: [pairs.Pair(f"{name} one", f"{name} two", same, "x") for same in (True, False)] for name in ("a", "b")
    }
    mixture = pairs.Mixture(sources, seed=1, weights={"a": 0.8, "b": 0.2})
    drawn = [mixture.draw() for _ in range(5000)]
    assert sum(name == "a" for name, _ in drawn) / len(drawn) == pytest.approx(0.8, abs=0.03)
    assert sum("one" in pair.first.lower() for _, pair in drawn) / len(drawn) == pytest.approx(0.5, abs=0.03)


def test_a_band_with_one_label_alone_gives_nothing():
    """It would tell its label by its overlap."""
    lone = pairs.Pair("all of these words", "all of these words", True, "itself")
    both = [pairs.Pair("a b c d", "a b x y", same, "far") for same in (True, False)]
    mixture = pairs.Mixture({"cards": [lone, *both]}, seed=1, weights={"cards": 1.0})
    assert {mixture.draw()[1].kind for _ in range(200)} == {"far"}


def test_a_deck_deals_all_before_any_comes_again():
    made = [pairs.Pair(str(i), str(i), True, "x") for i in range(20)]
    deck = pairs.Deck(made, random.Random(1))
    for _ in range(3):
        assert {deck.deal().first for _ in made} == {pair.first for pair in made}


def test_a_seed_gives_the_same_batches_so_that_a_run_can_be_resumed():
    made = [pair for card in cards(20) for pair in pairs.pairs_of_card(card)]

    def first_batches(seed):
        stream = pairs.batches(pairs.Mixture({"cards": made}, seed, {"cards": 1.0}), size=8, window=4)
        return [next(stream) for _ in range(10)]

    assert first_batches(5) == first_batches(5)
    assert first_batches(5) != first_batches(6)


def test_noise_keeps_what_decides():
    """Words, numbers, negations and code stay; case, punctuation, and a letter of a long word may go."""
    rng = random.Random(1)
    text = "Don't run `git push --force` on 3 branches, or is that not allowed?"
    for _ in range(500):
        noised = pairs.noisy(text, rng).lower()
        assert pairs.numbers(noised) == pairs.numbers(text)
        assert "git push --force" in noised and " not " in noised and noised.startswith(("don't", "dont"))


def test_what_is_held_out_is_no_part_of_training():
    questions = [Question(f"{intent} {n}", intent) for intent in "abcdefghi" for n in range(5)]
    trained, held_out = data.split_questions(questions)
    assert len({q.answer for q in held_out}) == 3
    assert not {q.answer for q in trained} & {q.answer for q in held_out}
    assert data.split_questions(questions[::-1])[0] == trained[::-1], "the order in which they are read changes nothing"

    sentences = [Sentences(f"s{n}", f"s{n + 1}", True) for n in range(0, 60) if n % 4 != 3]
    trained, held_out = data.split_sentences(sentences)
    assert held_out and not {s for p in trained for s in (p.first, p.second)} & {
        s for p in held_out for s in (p.first, p.second)
    }


def test_the_held_out_domains_have_cards():
    found = data.read_cards(CARDS)
    assert data.HELD_OUT_DOMAINS <= {card.domain for card in found}
    assert all(len(card.same) == 4 and len(card.close) == 2 and len(card.differ) == 4 for card in found)
