#!/usr/bin/env python3
"""Writes the scorer as it ships, golden scores for the tests in C++, and what the rounding costs.

Two forms of what training has changed (--form):

int8   the linear steps in int8 with a scale for each row, all else in fp32: about 11 MB. It needs the encoder's
       tables of tokens and positions, which whoever runs the encoder has.
rank   the difference to the encoder's linear steps as a product of two thin matrices in fp16: 2 MB at --rank 16.
       Loaded, it is added to the encoder's weights, and the sum is rounded to int8.

DIR/scorer.safetensors says in its header what it is, and which encoder it belongs to. DIR/golden.json holds pairs of
our held-out cards with their token ids and the logits of both orders, in fp32 and as the C++ computes.
"""

import argparse
import copy
import json
from pathlib import Path

import numpy as np
import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

import data
import measure
import trials
from evaluate import texts_of
from model import (
    HEADS,
    LAYERS,
    MODEL_SHA256,
    WIDTH,
    EncoderFile,
    Reader,
    Scorer,
    fresh_scorer,
    logits_of,
    saved_scorer,
    scores_of,
    trained_tensors,
)
from quantise import is_quantised, quantised, rows_to_int8
from vectors import Vectors

FORMAT = "refrain pair scorer 1"
GOLDEN = 50


def linears(scorer: Scorer) -> dict[str, nn.Linear]:
    return {
        name: module for name, module in scorer.named_modules() if isinstance(module, nn.Linear) and is_quantised(name)
    }


def as_int8(scorer: Scorer) -> dict[str, Tensor]:
    """`x.weight` becomes int8 and gets an `x.scale` beside it; all else stays."""
    tensors = dict(trained_tensors(scorer))
    for name in linears(scorer):
        tensors[f"{name}.weight"], tensors[f"{name}.scale"] = rows_to_int8(tensors[f"{name}.weight"])
    return tensors


def as_rank(scorer: Scorer, base: Scorer, rank: int) -> dict[str, Tensor]:
    """`x.weight` becomes `x.up` (out, rank) and `x.down` (rank, in), whose product is added to the encoder's."""
    tensors = dict(trained_tensors(scorer))
    for name, linear in linears(base).items():
        if not name.startswith("bert"):
            continue
        left, values, right = torch.linalg.svd(
            tensors.pop(f"{name}.weight") - linear.weight.detach(), full_matrices=False
        )
        root = values[:rank].sqrt()
        tensors[f"{name}.up"], tensors[f"{name}.down"] = (
            (left[:, :rank] * root).half(),
            (root[:, None] * right[:rank]).half(),
        )
    return tensors


def with_rank(tensors: dict[str, Tensor], base: Scorer) -> Scorer:
    """The scorer that `as_rank` describes."""
    scorer = copy.deepcopy(base)
    scorer.load_state_dict(
        {name: tensor for name, tensor in tensors.items() if not name.endswith((".up", ".down"))}, strict=False
    )
    with torch.no_grad():
        for name, linear in linears(scorer).items():
            if f"{name}.up" in tensors:
                linear.weight += tensors[f"{name}.up"].float() @ tensors[f"{name}.down"].float()
    return scorer


def golden(pairs: list[trials.Pair], scorers: dict[str, nn.Module], read: Reader, file: EncoderFile) -> list[dict]:
    """A row for each pair: texts, token ids, and by scorer the logits of this order and of the other."""
    rows = [
        {"first": pair.first, "second": pair.second, "ids": file.tokenizer.encode(pair.first, pair.second).ids}
        for pair in pairs
    ]
    texts = texts_of(pairs)
    turned = [(second, first) for first, second in texts]
    for name, scorer in scorers.items():
        for row, *logits in zip(
            rows, logits_of(texts, scorer, read).tolist(), logits_of(turned, scorer, read).tolist()
        ):
            row[name] = [round(logit, 5) for logit in logits]
    return rows


def print_costs(sets: dict[str, list[trials.Pair]], scorers: dict[str, nn.Module], read: Reader) -> None:
    """Average precision by form, and how far a form moves any probability away from the first one's."""
    print(f"{'average precision (largest change of a probability)':<54}" + "".join(f"{form:<16}" for form in scorers))
    for name, some in sets.items():
        labels, cells, exact = [pair.same for pair in some], [], None
        for scorer in scorers.values():
            scores = scores_of(texts_of(some), scorer, read)
            probabilities = 1 / (1 + np.exp(-scores))
            exact = probabilities if exact is None else exact
            change = np.abs(probabilities - exact).max()
            cells.append(f"{measure.average_precision(labels, scores):.4f} ({change:.3f})")
        print(f"{name:<54}" + "".join(f"{cell:<16}" for cell in cells), flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--encoder", type=Path, required=True, metavar="WHEEL")
    parser.add_argument(
        "--natural", type=Path, required=True, metavar="DIR", help="to measure on, and for golden pairs"
    )
    parser.add_argument("--cards", type=Path, default=Path(__file__).resolve().parents[2] / "data/cards", metavar="DIR")
    parser.add_argument("--work", type=Path, required=True, metavar="DIR", help="where train.py worked")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[2] / "data/scorer", metavar="DIR")
    parser.add_argument("--form", choices=("int8", "rank"), default="int8")
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--pairs", type=int, default=1500, help="of each set, to measure what rounding costs")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    file = EncoderFile(options.encoder)
    trained = options.work / "scorer.safetensors"
    base, scorer, read = fresh_scorer(file, 0.0).eval(), saved_scorer(trained, file), Reader(file.tokenizer)
    of_rank = as_rank(scorer, base, options.rank)
    thin = with_rank(of_rank, base).eval()
    scorers = {"fp32": scorer, "int8": quantised(scorer), "rank": thin, "rank int8": quantised(thin)}
    vectors = Vectors(options.work / "vectors.npz", file)
    sets = trials.some_pairs(data.read_cards(options.cards), options.natural, vectors, options.pairs)
    print_costs(sets, scorers, read)

    tensors = {"int8": lambda: as_int8(scorer), "rank": lambda: of_rank}[options.form]()
    with safetensors.safe_open(trained, "pt") as opened:
        about = opened.metadata()
    header = {
        "format": FORMAT,
        "form": options.form,
        "encoder": MODEL_SHA256,
        "layers": LAYERS,
        "width": WIDTH,
        "heads": HEADS,
        "activations": "u8, asymmetric, per token",
        **about,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / "scorer.safetensors"
    safetensors.torch.save_file(
        {name: tensor.contiguous() for name, tensor in tensors.items()},
        path,
        {name: str(value) for name, value in header.items()},
    )
    shipped = {"fp32": scorers["fp32"], "int8": scorers["int8" if options.form == "int8" else "rank int8"]}
    path.chmod(0o644)
    rows = ",\n".join(
        json.dumps(row, ensure_ascii=False) for row in golden(sets["cards"][:GOLDEN], shipped, read, file)
    )
    (options.out / "golden.json").write_text(f"[\n{rows}\n]\n", encoding="utf-8")
    print(f"written: {path} ({path.stat().st_size / 1e6:.1f} MB), {options.out / 'golden.json'}")


if __name__ == "__main__":
    main()
