"""docs/guide/redis.md: its commands work, and print what the page shows."""

import re

import pytest

from page import REDIS_GUIDE, ROOT, as_pattern, blocks, files, scenarios
from shell import Scenario

SCENARIOS = scenarios(REDIS_GUIDE)


@pytest.fixture(scope="session")
def at_work(tmp_path_factory):
    """All scenarios, started at once: most of what they do is to wait."""
    folder = tmp_path_factory.mktemp("guide")
    started = {name: Scenario(name, steps, files(REDIS_GUIDE), folder / name) for name, steps in SCENARIOS.items()}
    yield started
    for scenario in started.values():
        scenario.end()


@pytest.mark.parametrize("name", SCENARIOS)
def test_commands_print_what_the_page_shows(name, at_work):
    for step, printed in at_work[name].finish():
        # Columns are as wide as their widest cell, which need not be among those that are shown.
        lines = iter(" ".join(line.split()) for line in printed.splitlines())
        for shown in step.shown:
            pattern = as_pattern(" ".join(shown.split()), r"\.\.\.")
            assert any(pattern.fullmatch(line) for line in lines), (
                f"line {step.line} of the guide: this is not printed, or not in this place:\n{shown}\n"
                f"--- printed was\n{printed}")


def test_every_block_for_the_test_is_understood():
    for block in blocks(REDIS_GUIDE):
        assert block.kind in {"", "run", "shown", "file"}, f"line {block.line}"
        assert bool(block.kind) == bool(block.name), f"line {block.line}"


def test_the_redis_conf_of_the_page_is_the_one_that_is_mounted():
    assert files(REDIS_GUIDE)["redis.conf"] == (ROOT / "deploy/redis.conf").read_text(encoding="utf-8")


def test_every_link_leads_somewhere():
    text = REDIS_GUIDE.read_text(encoding="utf-8")
    titles = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if path.startswith("http"):
            continue
        assert not path or (REDIS_GUIDE.parent / path).exists(), target
        assert path or anchor in anchors, target
