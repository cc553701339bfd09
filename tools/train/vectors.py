"""The encoder's vectors of texts, kept in a file between runs, and who is near whom."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from model import WIDTH, EncoderFile, vectors_of

CHUNK = 8192  # texts between two writes of the file


class Vectors:
    """Vectors of all texts that were ever asked for; a file holds them (float16, 50 MB for 60,000)."""

    def __init__(self, path: Path, file: EncoderFile):
        self._path, self._file = path, file
        self._rows: dict[str, int] = {}
        self._matrix = np.empty((0, WIDTH), np.float16)
        if path.exists():
            kept = np.load(path)
            self._matrix = kept["matrix"]
            self._rows = {text: row for row, text in enumerate(json.loads(kept["texts"].tobytes()))}

    def of(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (texts, WIDTH), each of length one."""
        new = sorted(set(texts) - self._rows.keys(), key=lambda text: (len(text), text))
        for start in range(0, len(new), CHUNK):
            print(f"encoding {len(new) - start:,} texts", file=sys.stderr, flush=True)
            chunk = new[start : start + CHUNK]
            self._matrix = np.concatenate([self._matrix, vectors_of(chunk, self._file).astype(np.float16)])
            self._rows.update(zip(chunk, range(len(self._rows), len(self._matrix))))
            self._save()
        return self._matrix[[self._rows[text] for text in texts]].astype(np.float32)

    def _save(self) -> None:
        new = self._path.with_name("new.npz")
        np.savez(new, matrix=self._matrix, texts=np.frombuffer(json.dumps(list(self._rows)).encode(), np.uint8))
        new.rename(self._path)

    def nearest(self, texts: Sequence[str], count: int = 32) -> list[list[tuple[int, float]]]:
        """For each text the others nearest first, as (index, cosine)."""
        vectors = self.of(texts)
        found = []
        for start in range(0, len(texts), 1024):
            cosines = vectors[start : start + 1024] @ vectors.T
            cosines[np.arange(len(cosines)), start + np.arange(len(cosines))] = -1
            chosen = (
                np.argpartition(-cosines, count, axis=1)[:, :count]
                if count < len(texts) - 1
                else np.argsort(-cosines)[:, :-1]
            )
            for row, indices in zip(cosines, chosen):
                indices = indices[np.argsort(-row[indices])]
                found.append(list(zip(indices.tolist(), row[indices].tolist())))
        return found
