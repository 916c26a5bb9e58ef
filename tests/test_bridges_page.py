"""Each block of Python on the page of bridges runs by itself, and says something."""

import re
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
@pytest.mark.filterwarnings("default")
def test_an_example_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(EXAMPLES[name], name, "exec"), {"__name__": "__main__"})
    said = capsys.readouterr().out
    assert said and "nan" not in said.lower(), said
