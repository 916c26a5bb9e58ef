"""Each block of Python on the page of bridges runs by itself, and says something."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "bridges.md").read_text(encoding="utf-8")
EXAMPLES = {
    f"{section.splitlines()[0]} {number}": code
    for section in PAGE.split("\n## ")[1:]
    for number, code in enumerate(re.findall(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL), 1)
}

pytestmark = pytest.mark.study


def test_every_tool_has_an_example() -> None:
    for tool in ("pandas", "xarray", "duckdb", "SALib", "ema_workbench", "mesa", "datacollector", "Capitals"):
        assert any(tool in code for code in EXAMPLES.values()), tool


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_short_and_ends_no_war(name: str) -> None:
    """It is for whoever copies it: ten lines and what is imported, on a world whose war goes on."""
    lines = [line for line in EXAMPLES[name].splitlines() if line and not line.startswith(("import", "from"))]
    assert len(lines) <= 10
    assert "hindcast" in EXAMPLES[name]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_runs(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", EXAMPLES[name]],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) >= 1
    assert "nan" not in done.stdout.lower(), done.stdout
