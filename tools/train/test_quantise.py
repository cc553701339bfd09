"""What ships is what was trained, but for its rounding. Skipped where torch is missing."""

import pytest

torch = pytest.importorskip("torch")

from export import as_int8, as_rank, linears, with_rank
from model import WIDTH, Scorer
from quantise import as_u8, quantised, rows_to_int8


@pytest.fixture
def scorers() -> tuple[Scorer, Scorer]:
    """A scorer, and one that training has changed a little."""
    torch.manual_seed(1)
    base, trained = Scorer().eval(), Scorer().eval()
    trained.load_state_dict(base.state_dict())
    with torch.no_grad():
        for parameter in trained.parameters():
            if parameter.requires_grad:
                parameter += 0.01 * torch.randn_like(parameter)
    return base, trained


def inputs(texts: int = 3, tokens: int = 7) -> tuple:
    ids = torch.randint(1000, 2000, (texts, tokens))
    return ids, torch.zeros_like(ids), torch.ones_like(ids, dtype=torch.bool)


def test_rounded_weights_are_within_half_a_step():
    weight = torch.randn(8, 16)
    rounded, scale = rows_to_int8(weight)
    assert (rounded * scale[:, None] - weight).abs().le(scale[:, None] / 2 + 1e-6).all()
    assert rounded.abs().amax(1).eq(127).all(), "each row uses the whole range"


def test_activations_are_rounded_by_token_and_keep_zero():
    x = torch.randn(4, WIDTH) * torch.tensor([[0.01], [1.0], [100.0], [0.0]])
    rounded = as_u8(x)
    assert torch.equal(as_u8(x[:1]), rounded[:1]), "what else is in the batch changes nothing"
    assert (rounded - x).abs().amax(1).le((x.amax(1) - x.amin(1)) / 255 + 1e-9).all()
    assert as_u8(torch.tensor([[0.0, 3.0, -1.0]]))[0, 0] == 0


def test_int8_scores_are_near(scorers):
    _, trained = scorers
    batch = inputs()
    with torch.inference_mode():
        assert torch.allclose(trained(*batch), quantised(trained)(*batch), atol=0.1)


def test_int8_ships_each_linear_step_with_its_scale(scorers):
    _, trained = scorers
    tensors = as_int8(trained)
    for name in linears(trained):
        assert tensors[f"{name}.weight"].dtype == torch.int8
        assert tensors[f"{name}.scale"].shape == tensors[f"{name}.bias"].shape
    assert not any("tokens" in name or "positions" in name for name in tensors)


def test_a_difference_of_full_rank_is_the_scorer_itself(scorers):
    base, trained = scorers
    again = with_rank(as_rank(trained, base, WIDTH), base)
    for name, parameter in trained.named_parameters():
        assert torch.allclose(parameter, again.get_parameter(name), atol=1e-3), name
