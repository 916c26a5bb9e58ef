"""Of the placebos, which do nothing by construction, and what the others do."""

from research import placebos
from sim.inference.parameter_sets import retained_sets


def test_what_a_placebo_does_is_belief_in_the_one_and_isolation_in_the_other() -> None:
    table = placebos.placebo_table(retained_sets().some(12, 1), runs=4)
    assert table.loc[["no deal, isolation held", placebos.CERTAIN], "largest"].tolist() == [0.0, 0.0]
    assert (table.loc[["no deal ever", placebos.NEED], "largest"] > 1.0).all()
    assert table["within"].between(0.0, 1.0).all()
