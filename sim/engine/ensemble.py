"""Many runs of one scenario, and pairs of them: the containers of their months."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.engine.mesa.single_run import Run, calendar
from sim.engine.plan import MEASURES
from sim.engine.war_end import NEVER
from sim.model import months
from sim.model.moves import LEVER, LEVERS
from sim.model.world import WORLD_FIELDS
from sim.scenario.errors import suggest
from sim.scenario.schema import Scenario
from sim.scenario.source import Source

if TYPE_CHECKING:
    from sim.engine.experiment import Experiment

SERIES = (*WORLD_FIELDS, *MEASURES)
_BY_RUN = ("war_end", "played")  # arrays with a row a run, beside the states
_PLACE = {lever.field: place for place, lever in enumerate(LEVERS)}


@dataclass(frozen=True, eq=False)
class Ensemble:
    """The runs of an experiment.

    Attributes
    ----------
    experiment
        What was simulated.
    war_end
        Each run's first month of peace, in months since 2019-01; ``NEVER`` where the war does not end.
    states
        Shape (runs, months from 2019-01, :attr:`kept`).
    played
        Shape (runs, months from 2019-01, levers): places of the options taken.
    kept
        The states and measures that were recorded, in this order: all of :data:`SERIES`, or few where runs are many.
    beside
        The same runs without an end of the war, where they were simulated too.

    Examples
    --------
    >>> import sim
    >>> many = sim.ensemble("war-ends-early", runs=3, seed=7)
    >>> len(many)
    3
    """

    experiment: "Experiment"
    war_end: NDArray[np.int64]
    states: NDArray[np.float64]
    played: NDArray[np.int8]
    kept: tuple[str, ...] = SERIES
    beside: Self | None = None

    @property
    def scenario(self) -> Scenario:
        """What happens from outside, and when the war ends.

        Examples
        --------
        >>> import sim
        >>> many = sim.ensemble("war-ends-early", runs=3, seed=7)
        >>> many.scenario.name
        'war ends early'
        """
        return self.experiment.scenario

    @property
    def seed(self) -> int:
        """What with the number of a run fixes all chance.

        Examples
        --------
        >>> import sim
        >>> sim.ensemble("war-ends-early", runs=3, seed=7).seed
        7
        """
        return self.experiment.seed

    @property
    def runs(self) -> NDArray[np.int64]:
        """The numbers of the runs.

        Examples
        --------
        >>> import sim
        >>> sim.ensemble("war-ends-early", runs=3, seed=7).runs.tolist()
        [0, 1, 2]
        """
        return self.experiment.numbers

    @property
    def parameters(self) -> Mapping[str, NDArray[np.float64]]:
        """Parameters that differ from run to run, a value a run; those that runs draw are among them.

        Examples
        --------
        >>> import sim
        >>> many = sim.ensemble("war-ends-early", runs=3, seed=7)
        >>> many.parameters["postwar_need"].shape
        (3,)
        """
        return self.experiment.parameters

    @property
    def source(self) -> Source:
        """Where the uncertain numbers come from.

        Examples
        --------
        >>> import sim
        >>> sim.ensemble("war-ends-early", runs=3, seed=7).source.name
        'RETAINED'
        """
        return self.experiment.source

    @property
    def control_at_hand(self) -> "Ensemble | None":
        """The control, if it has been simulated; runs whose war does not end are their own.

        Examples
        --------
        >>> import sim
        >>> sim.ensemble("baseline", runs=3, seed=7).control_at_hand is None
        False
        """
        own: Ensemble | None = vars(self).get("control")  # where it was asked for
        return self.beside or own or (None if war_ended(self).any() else self)

    @cached_property
    def control(self) -> "Ensemble":
        """The same runs without an end of the war: what is at hand, else simulated when first asked for.

        Examples
        --------
        >>> import sim
        >>> many = sim.ensemble("war-ends-early", runs=3, seed=7)
        >>> many.control.war_end.tolist()
        [1000000, 1000000, 1000000]
        """
        return self.control_at_hand or self.experiment.without_war_end().ensemble(self.kept)

    def __len__(self) -> int:
        return len(self.runs)

    def array(self, name: str) -> NDArray[np.float64]:
        """Return one state or measure, or the option values of one lever, for all months from 2019-01.

        Parameters
        ----------
        name
            A state, a measure, or a lever by its field in the moves; units of states as in
            :class:`sim.model.world.World`.

        Returns
        -------
        array of shape (runs, months)

        Raises
        ------
        KeyError
            If there is no such series, or it is not kept; the message says which.

        Examples
        --------
        >>> import sim
        >>> many = sim.ensemble("war-ends-early", runs=3, seed=7)
        >>> many.array("reengagement").shape
        (3, 168)
        """
        if name in self.kept:
            return self.states[:, :, self.kept.index(name)]
        if name in SERIES:
            raise KeyError(f"no series {name!r} is kept here; kept are {', '.join(self.kept)}, and all levers")
        if name in _PLACE:
            return np.array([option.value for option in LEVER[name].options])[self.played[:, :, _PLACE[name]]]
        raise KeyError(f"no series {name!r}{suggest(name, (*SERIES, *_PLACE))}")

    def series(self, name: str) -> pd.DataFrame:
        """Return one state, measure or lever: a row a run, a column a month of the scenario.

        Parameters
        ----------
        name
            As for :meth:`array`.

        Raises
        ------
        KeyError
            If there is no such series, or it is not kept.

        Examples
        --------
        >>> import sim
        >>> many = sim.ensemble("war-ends-early", runs=3, seed=7)
        >>> many.series("china_flow").loc[0, "2024"].shape
        (12,)
        """
        return self._frame(self.array(name))

    def moves(self, lever: str) -> pd.DataFrame:
        """Return the names of the options of a lever: a row a run, a column a month of the scenario.

        Parameters
        ----------
        lever
            Its field in the moves, such as ``beijing_trade``.

        Raises
        ------
        KeyError
            If there is no such lever.

        Examples
        --------
        >>> import sim
        >>> many = sim.ensemble("war-ends-early", runs=3, seed=7)
        >>> many.moves("pyongyang_talks").shape
        (3, 168)
        """
        if lever not in _PLACE:
            raise KeyError(f"no lever {lever!r}{suggest(lever, _PLACE)}")
        names = np.array([option.name for option in LEVER[lever].options])
        return self._frame(names[self.played[:, :, _PLACE[lever]]])

    def tidy(self, names: Sequence[str] | None = None) -> pd.DataFrame:
        """Return a long table: run, month, and one column a series; all that are kept where none is named.

        Parameters
        ----------
        names
            Series; see :meth:`array`.

        Examples
        --------
        >>> import sim
        >>> many = sim.ensemble("war-ends-early", runs=3, seed=7)
        >>> list(many.tidy(["reengagement"]))
        ['run', 'month', 'reengagement']
        """
        columns = {name: self.series(name).to_numpy().ravel() for name in names or self.kept}
        calendar_ = calendar(self.scenario)
        index = {"run": np.repeat(self.runs, len(calendar_)), "month": np.tile(calendar_, len(self.runs))}
        return pd.DataFrame(index | columns)

    def select(self, places: NDArray[np.int64] | NDArray[np.bool_] | slice) -> Self:
        """Return the runs at some places (whole numbers, yes and no, or a slice); a run may be taken more than once.

        Parameters
        ----------
        places
            Places among the runs, not their numbers.

        Examples
        --------
        >>> import sim
        >>> many = sim.ensemble("war-ends-early", runs=3, seed=7)
        >>> many.select([2, 0]).runs.tolist()
        [2, 0]
        """
        arrays = {name: getattr(self, name)[places] for name in _BY_RUN}
        states = self.states.transpose(2, 0, 1)[:, places].transpose(1, 2, 0)  # one series after the other, as they lie
        beside = self.beside and self.beside.select(places)
        return replace(self, **arrays, states=states, experiment=self.experiment.select(places), beside=beside)

    @classmethod
    def concatenate(cls, parts: "Sequence[Self]") -> Self:
        """Return parts of one ensemble, which differ in their runs alone, as one.

        Parameters
        ----------
        parts
            In the order of their runs.

        Examples
        --------
        >>> import sim
        >>> many = sim.ensemble("war-ends-early", runs=3, seed=7)
        >>> many.concatenate([many.select([0]), many.select([2])]).runs.tolist()
        [0, 2]
        """
        arrays: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _BY_RUN}
        series = [part.states.transpose(2, 0, 1) for part in parts]
        states = np.concatenate(series, axis=1).transpose(1, 2, 0)
        experiment = parts[0].experiment.concatenate([part.experiment for part in parts])
        beside = [part.beside for part in parts if part.beside is not None]
        control = parts[0].concatenate(beside) if beside else None
        return replace(parts[0], **arrays, states=states, experiment=experiment, beside=control)

    def replay(self, number: int) -> Run:
        """Simulate one run again, in the Mesa engine, with every decision.

        Parameters
        ----------
        number
            Of the run.

        Raises
        ------
        KeyError
            If it is not in the ensemble.

        Examples
        --------
        >>> import sim
        >>> many = sim.ensemble("war-ends-early", runs=3, seed=7)
        >>> many.replay(2).number
        2
        """
        return self.experiment.run(number)

    def _frame(self, values: NDArray[Any]) -> pd.DataFrame:
        shown = values[:, self.scenario.first :]
        return pd.DataFrame(shown, index=pd.Index(self.runs, name="run"), columns=calendar(self.scenario))


@dataclass(frozen=True)
class Divergence:
    """Where two runs part: the month, the levers moved differently, the states that differ already."""

    month: str
    levers: tuple[str, ...]
    states: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Pair:
    """Two ensembles that share their chance: ``one`` is compared with ``other``.

    Examples
    --------
    >>> import sim
    >>> one, other = sim.compare("war-ends-early", "baseline", runs=2, seed=7)
    >>> one.runs.tolist()
    [0, 1]
    """

    one: Ensemble
    other: Ensemble

    def __iter__(self) -> Iterator[Ensemble]:
        return iter((self.one, self.other))

    def difference(self, name: str) -> pd.DataFrame:
        """Return one less other: a row a run, a column a month that both report.

        Parameters
        ----------
        name
            A state, a measure or a lever.

        Raises
        ------
        KeyError
            If there is no such series, or it is not kept.

        Examples
        --------
        >>> import sim
        >>> pair = sim.compare("war-ends-early", "baseline", runs=2, seed=7)
        >>> pair.difference("reengagement").shape
        (2, 168)
        """
        first, second = self.one.series(name), self.other.series(name)
        shared = first.columns.intersection(second.columns)
        return first[shared] - second[shared]

    def first_divergence(self, run: int) -> Divergence | None:
        """Return where the two sides of one run part, by their moves and the series that both keep; None if never.

        Parameters
        ----------
        run
            Its number.

        Raises
        ------
        KeyError
            If there is no such run in both.

        Examples
        --------
        >>> import sim
        >>> pair = sim.compare("war-ends-early", "baseline", runs=2, seed=7)
        >>> pair.first_divergence(0).month
        '2025-01'
        """
        sides = [(side, np.flatnonzero(side.runs == run)) for side in self]
        if not all(len(places) for _, places in sides):
            raise KeyError(f"run {run} is not in both ensembles")
        names = [name for name in self.one.kept if name in self.other.kept]
        (moves, states), (others, beside) = (
            (side.played[places[0]], np.stack([side.array(name)[places[0]] for name in names], axis=-1))
            for side, places in sides
        )
        shared = self.shared_months
        moved, stated = (one[:shared] != other[:shared] for one, other in ((moves, others), (states, beside)))
        parted = np.flatnonzero(moved.any(axis=1) | stated.any(axis=1))
        if not len(parted):
            return None
        month = int(parted[0])
        return Divergence(
            months.name(month),
            tuple(LEVERS[place].field for place in np.flatnonzero(moved[month])),
            tuple(names[place] for place in np.flatnonzero(stated[month])),
        )

    @property
    def shared_months(self) -> int:
        """How many months from 2019-01 both have.

        Examples
        --------
        >>> import sim
        >>> pair = sim.compare("war-ends-early", "baseline", runs=2, seed=7)
        >>> pair.shared_months
        168
        """
        return min(self.one.states.shape[1], self.other.states.shape[1])


def war_ended(many: Ensemble) -> NDArray[np.bool_]:
    """Return which runs see the war's end within the horizon.

    Parameters
    ----------
    many
        An ensemble.

    Returns
    -------
    array of shape (runs,)
    """
    return many.war_end < min(NEVER, many.states.shape[1])
