"""The scorer's arithmetic as it ships: int8 weights per channel, activations u8 per token and asymmetric.

What the C++ does with integers is done here with the same numbers in floating point, so scores agree but for rounding
in the last place of a sum.
"""

import copy

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model import Scorer


def rows_to_int8(weight: Tensor) -> tuple[Tensor, Tensor]:
    """(int8 weights, float scale of each row): a row's largest weight becomes 127. Symmetric."""
    scale = weight.abs().amax(1).clamp_min(1e-12) / 127
    return (weight / scale[:, None]).round().clamp(-127, 127).to(torch.int8), scale


def as_u8(x: Tensor) -> Tensor:
    """Each token's vector rounded to 256 steps between its least and greatest value, zero among them."""
    least, greatest = x.amin(-1, keepdim=True).clamp_max(0), x.amax(-1, keepdim=True).clamp_min(0)
    scale = (greatest - least).clamp_min(1e-12) / 255
    zero = (-least / scale).round()
    return ((x / scale).round() + zero).clamp(0, 255).sub(zero) * scale


class QuantisedLinear(nn.Module):
    """A linear step over rounded weights and rounded inputs; the bias stays as it is."""

    def __init__(self, linear: nn.Linear):
        super().__init__()
        weight, scale = rows_to_int8(linear.weight.detach())
        self.register_buffer("weight", weight * scale[:, None])
        self.register_buffer("bias", linear.bias.detach())

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(as_u8(x), self.weight, self.bias)


def is_quantised(name: str) -> bool:
    """All linear steps are, but the last one, which gives the one number."""
    return not name.endswith("verdict")


def quantised(scorer: Scorer) -> Scorer:
    """A copy that computes as the product does."""
    result = copy.deepcopy(scorer).eval()
    for name, module in list(result.named_modules()):
        if isinstance(module, nn.Linear) and is_quantised(name):
            parent, _, own = name.rpartition(".")
            setattr(result.get_submodule(parent), own, QuantisedLinear(module))
    return result
