"""`refrain run -- <command>` with a client that knows nothing of Refrain: `llm`, as a person uses it."""

import subprocess
import sys
from pathlib import Path

import pytest

from refrain_process import binary, clean_environment

LLM = Path(sys.executable).with_name("llm")


@pytest.fixture
def run(home, mock, tmp_path):
    """Runs a command below `refrain run`; every test has a cache of its own, kept between its runs."""
    environment = clean_environment(tmp_path, OPENAI_BASE_URL=f"{mock.url}/v1", OPENAI_API_KEY="sk-lent",
                                    LLM_USER_PATH=str(tmp_path / "llm"))

    def run(*command: str) -> subprocess.CompletedProcess:
        return subprocess.run([binary(), "run", "--", *command], cwd=tmp_path, env=environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)

    return run


@pytest.mark.parametrize("form", [[], ["--no-stream"]], ids=["streamed", "plain"])
def test_the_second_run_of_llm_is_answered_without_an_upstream_call(run, upstream_calls, form):
    command = [str(LLM), "prompt", "--model", "gpt-4o-mini", *form, "Name three fruits."]
    first, second = run(*command), run(*command)

    assert first.returncode == 0, first.stderr
    assert second.returncode == 0, second.stderr
    assert "proof:" in first.stdout
    assert second.stdout == first.stdout
    assert upstream_calls() == 1
    closing = second.stderr.strip().splitlines()[-1].lower()
    assert "1 of 1 answered from the cache" in closing and "saved" in closing


def test_the_exit_status_of_the_command_is_passed_on(run):
    assert run(sys.executable, "-c", "raise SystemExit(7)").returncode == 7
