"""What was recorded of a lever as stretches: months that follow each other with one option are one."""

from types import SimpleNamespace

import pytest

from sim.report.figures.record_figures import _stretches

NAMES = ["none", "half", "full"]


@pytest.mark.parametrize(("options", "spans"), [
    ({}, []),
    ({5: 0}, [(5, 6, "none", 0.0)]),
    ({5: 1, 6: 1, 7: 1}, [(5, 8, "half", 0.5)]),
    ({5: 1, 6: 2, 7: 2, 8: 1}, [(5, 6, "half", 0.5), (6, 8, "full", 1.0), (8, 9, "half", 0.5)]),
    ({5: 2, 7: 2}, [(5, 6, "full", 1.0), (7, 8, "full", 1.0)]),
])  # fmt: skip
def test_months_that_follow_each_other_with_one_option_are_one_stretch(
    options: dict[int, int], spans: list[tuple[int, int, str, float]]
) -> None:
    there = {month: SimpleNamespace(options=(option,)) for month, option in options.items()}
    made = _stretches(there, NAMES)  # type: ignore[arg-type]
    assert [(span.first, span.last, span.label, span.level) for span in made] == spans
