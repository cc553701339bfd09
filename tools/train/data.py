"""What is read: our cards, and public sets of questions as people asked them. Also what of it is never trained on.

What is held out does not depend on a seed: domains by name, a third of a public set by hashes.
"""

import csv
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

# Never trained on, they measure the scorer on fields that it has not seen. Chosen for being far from each other and
# for what each asks of it: conditions and amounts of a support desk (telecom; banking would not do, because BANKING77
# is about it and is trained on), commands where a word undoes another (git), steps and quantities (cooking), who, when
# and whether it is done (appointments), numbers and devices spoken to (voice), symbols and operations (mathematics).
HELD_OUT_DOMAINS = frozenset(
    {
        "telecom plans",
        "git",
        "cooking",
        "clinic appointments",
        "voice assistant commands",
        "school mathematics",
    }
)

# The languages of the encoder that the scorer starts from.
LANGUAGES = frozenset({"en"})

# Intents of CLINC150 whose questions have answers of their own: the intent says "translate", the answer depends on what
# into which language. Two of them are not called the same in training; they are in measuring, as everybody does.
OPEN_INTENTS = frozenset(
    """
    accept_reservations alarm balance bill_balance bill_due book_flight book_hotel calculator calendar calendar_update
    calories cancel_reservation car_rental change_accent change_ai_name change_language change_speed change_user_name
    change_volume confirm_reservation cook_time date definition directions distance exchange_rate expiration_date
    flight_status food_last fun_fact how_busy ingredient_substitution ingredients_list insurance interest_rate
    international_visa last_maintenance make_call meal_suggestion measurement_conversion meeting_schedule min_payment
    next_holiday nutrition_info order order_status pay_bill play_music plug_type pto_request recipe reminder
    reminder_update report_fraud restaurant_reservation restaurant_reviews restaurant_suggestion routing
    schedule_maintenance schedule_meeting share_location shopping_list shopping_list_update smart_home spelling
    spending_history taxes text time timer timezone todo_list todo_list_update traffic transactions transfer translate
    travel_alert travel_notification travel_suggestion uber update_playlist vaccines weather yes no maybe
""".split()
)


@dataclass(frozen=True)
class Card:
    """A question, its rewordings, and near misses with their kinds (data/cards/README.md)."""

    id: str
    language: str
    domain: str
    ask: str
    same: tuple[str, ...]
    close: tuple[str, ...]
    differ: tuple[tuple[str, str], ...]  # text, kind

    @property
    def with_one_answer(self) -> tuple[str, ...]:
        return self.ask, *self.same, *self.close

    @property
    def is_held_out(self) -> bool:
        return self.domain in HELD_OUT_DOMAINS


class Question(NamedTuple):
    """A question of a public set. Two with the same answer name stand for the same; None matches nothing."""

    text: str
    answer: str | None


@dataclass(frozen=True)
class Sentences:
    """Two sentences of PAWS-X with nearly the same words, and whether they mean the same."""

    first: str
    second: str
    same: bool


def read_cards(folder: Path, languages: Iterable[str] = LANGUAGES) -> list[Card]:
    """All cards of a folder's *.jsonl in these languages, in order of their ids."""
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    cards = [
        Card(
            c["id"],
            c["lang"],
            c["domain"],
            c["ask"],
            tuple(c["same"]),
            tuple(c["close"]),
            tuple((d["text"], d["why"]) for d in c["differ"]),
        )
        for c in map(json.loads, lines)
    ]
    return sorted((card for card in cards if card.language in set(languages)), key=lambda card: card.id)


def read_clinc(folder: Path) -> list[Question]:
    """CLINC150: 150 intents of 150 questions each, and 1,200 questions that have none of them."""
    parts = json.loads((folder / "clinc150/data_full.json").read_text(encoding="utf-8"))
    return unique(
        Question(text, None if intent == "oos" else intent) for part in sorted(parts) for text, intent in parts[part]
    )


def read_banking(folder: Path) -> list[Question]:
    """BANKING77: 77 intents of a bank's customers."""
    return unique(
        Question(" ".join(text.split()), intent)
        for part in ("train", "test")
        for text, intent in rows(folder / f"banking77/{part}.csv")
    )


def read_hint3(folder: Path) -> dict[str, list[Question]]:
    """HINT3: what customers wrote to three bots in India. What none of a bot's intents fits matches nothing."""
    return {
        bot: unique(
            Question(text, None if intent == "NO_NODES_DETECTED" else intent)
            for part in ("train", "test")
            for text, intent, *_ in rows(folder / f"hint3/{bot}_{part}.csv")
        )
        for bot in ("curekart", "powerplay11", "sofmattress")
    }


def read_paws(folder: Path) -> list[Sentences]:
    """The English pairs of PAWS-X."""
    lines = (folder / "pawsx/pawsx_dev-en.tsv").read_text(encoding="utf-8").splitlines()
    return [Sentences(first, second, label == "1") for first, second, label in (line.split("\t") for line in lines)]


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def unique(questions: Iterable[Question]) -> list[Question]:
    """Without texts that came before, whatever their case: a set may name one text under two intents."""
    return list({question.text.strip().lower(): question for question in questions if question.text.strip()}.values())


def third_of(names: Iterable[str]) -> set[str]:
    """A third of the names, in the order of their hashes: the same ones at each call."""
    ordered = sorted(set(names), key=lambda name: hashlib.sha256(name.encode()).digest())
    return set(ordered[: len(ordered) // 3])


def split_questions(questions: list[Question]) -> tuple[list[Question], list[Question]]:
    """(trained on, held out): a third of the intents, and a third of the questions that have none."""
    held_out = third_of(q.answer for q in questions if q.answer) | third_of(q.text for q in questions if not q.answer)
    is_held_out = [(q.answer or q.text) in held_out for q in questions]
    return (
        [q for q, out in zip(questions, is_held_out) if not out],
        [q for q, out in zip(questions, is_held_out) if out],
    )


def split_sentences(pairs: list[Sentences]) -> tuple[list[Sentences], list[Sentences]]:
    """(trained on, held out): a third, so that no sentence is on both sides."""
    leader: dict[str, str] = {}

    def lead(sentence: str) -> str:
        while leader.setdefault(sentence, sentence) != sentence:
            sentence = leader[sentence]
        return sentence

    for pair in pairs:
        leader[lead(pair.first)] = lead(pair.second)
    held_out = third_of(lead(pair.first) for pair in pairs)
    return (
        [pair for pair in pairs if lead(pair.first) not in held_out],
        [pair for pair in pairs if lead(pair.first) in held_out],
    )
