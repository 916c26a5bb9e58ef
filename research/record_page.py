"""The page on the record and its pictures: ``python -m research.record_page docs runs/evidence``.

The second word is the folder of a study that ``sim evidence`` has finished.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from research import recovery
from research.pages import of_frame, publish_page, render
from sim.engine.experiment import Experiment
from sim.inference import coding
from sim.inference.filtering import Filtered, FilterSettings, filter_states, known_world
from sim.inference.parameter_sets import retained_sets
from sim.model.moves import LEVER
from sim.prediction.model_comparison import BASE, FAMILIES, FEWER, MORE, RecordStudy, contenders
from sim.prediction.move_forecasters import ALL, MODEL
from sim.registers import record
from sim.report.folders.evidence_folder import Findings
from sim.report.style import percent
from sim.report.text import on_record
from sim.storage.study_errors import StudyError

PAGE = "record.md"
SEED, PARTICLES, SEEDS = 3, 8_192, 10
RECOVERED = recovery.Histories()
_SWEPT = {
    "both codings": FilterSettings(PARTICLES),
    "the first coding alone": FilterSettings(PARTICLES, coding=1),
    "the second coding alone": FilterSettings(PARTICLES, coding=2),
    "errors twice as large": FilterSettings(PARTICLES, times=2.0),
    "errors four times as large": FilterSettings(PARTICLES, times=4.0),
}


def page(findings: Findings, filters: Sequence[Filtered], swept: dict[str, Filtered], recovered: pd.DataFrame) -> str:
    """Return the page.

    Parameters
    ----------
    findings
        What the record says of the model and its claims.
    filters
        The same filter under several seeds.
    swept
        Filters of other readings of the record, by what is other.
    recovered
        Where known truths rank.
    """
    first, (both, agree) = filters[0], record.overall()
    cells, learnt = record.cells(), coding.estimate_coding()
    every = np.array([one.log_evidence for one in filters])
    runs = [(f"both codings, {len(filters)} seeds", f"{every.mean():.1f}", f"{every.std(ddof=1):.1f}", _nats(filters))]
    runs += [(words, f"{other.log_evidence:.1f}", "", _nats([other])) for words, other in swept.items()]
    return render(
        PAGE, _said(findings), rows=f"{len(record.moves()):,}", both=both, agree=percent(agree), cells=len(cells),
        facts=f"{sum(1.0 / cell.repeats for cell in cells):.0f}",
        agreement=of_frame(record.coding_agreement().round(2).reset_index(names=["capital", "lever"])),
        errors=of_frame(learnt.errors.map(_percent).reset_index(names="lever")), seen=of_frame(_seen(learnt)),
        shut=f"{first.processes['border shut']['trade']:.2f}",
        opened=f"{first.processes['border open']['trade']:.2f}",
        discrepancies=of_frame(first.processes.round(2).reset_index(names="series")),
        particles=f"{first.settings.particles:,}", shape=first.settings.shape,
        effective=f"{first.by_month['effective'].median():.0f}", least=f"{first.by_month['least'].min():.0f}",
        sets=f"{first.by_month['sets'].iloc[-1]:.0f}", power=f"{first.by_month['power'].iloc[-1]:.1%}",
        apart=f"{first.by_set.sum(axis=1).std():.0f}", warning=first.warning,
        runs=of_frame(pd.DataFrame(runs, columns=["record", "log evidence", "spread", "nats a move"])),
        costliest=of_frame(_costliest(first)), scores=of_frame(_scores(filters)), records=RECOVERED.records,
        of_each=RECOVERED.settings.particles, recovered=of_frame(recovered.round(2).reset_index(names="state")),
    )  # fmt: skip


def _said(findings: Findings) -> dict[str, object]:
    """Return what the study of the record says, in words and tables."""
    levels, asked, compared = findings.levels, findings.study.asked, findings.compared
    return {
        "answer": on_record.answer(findings.capitals, compared), "aims": on_record.aims(findings.capitals),
        "politics": on_record.politics(findings.capitals, compared),
        "unheld": f"{float(findings.unheld[MODEL][ALL]):.2f}", "count": f"{asked['particles']:,}",
        "fewer": f"{float(levels['nats'][FEWER]):.1f}", "more": f"{float(levels['nats'][MORE]):.1f}",
        "level": f"{float(levels['nats'][BASE]):.1f}", "many": f"{levels['sets'][BASE]:.0f}",
        "states": f"{levels['runs'][BASE]:.0f}",
        "spread": f"{float(levels['spread'][BASE]):.1f}",
        "options": " ".join(f"--{name} {asked[name]}" for name in ("particles", "seeds", "seed")),
        "titles": {name: picture.title for name, picture in findings.pictures.items()},
        "by_capital": of_frame(on_record.nats_table(findings.capitals)),
        "by_capital_unheld": of_frame(on_record.nats_table(findings.unheld)),
        "by_lever": of_frame(on_record.nats_table(findings.levers)),
        **{family: of_frame(on_record.evidence_table(compared, family)) for family in FAMILIES},
    }  # fmt: skip


def _nats(filters: Sequence[Filtered]) -> str:
    return f"{np.mean([one.scores['score'].mean() for one in filters]):.3f}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _seen(learnt: coding.Coding) -> pd.DataFrame:
    return pd.DataFrame([
        {"lever": lever, "option": option.name, "leaves a row": _percent(float(chance))}
        for lever, seen in learnt.seen.items()
        for option, chance in zip(LEVER[lever].options, seen, strict=True)
    ])  # fmt: skip


def _costliest(filtered: Filtered) -> pd.DataFrame:
    table = filtered.by_month.nsmallest(8, "log_evidence").sort_index()
    rows = []
    for month, row in table.iterrows():
        worst = filtered.scores[filtered.scores["month"] == month].nsmallest(3, "score")
        costs = ", ".join(f"{lever} {score:.1f}" for lever, score in worst[["lever", "score"]].to_numpy())
        rows.append({"month": month, "nats": f"{row['log_evidence']:.1f}", "most of it": costs})
    return pd.DataFrame(rows)


def _scores(filters: Sequence[Filtered]) -> pd.DataFrame:
    table = pd.concat([one.scores for one in filters]).groupby("lever")["score"].mean()
    months = filters[0].scores.groupby("lever")["score"].size()
    return pd.DataFrame({"lever": table.index, "months": months.to_numpy(), "nats a move": table.round(2).to_numpy()})


def main(folder: str, study: str) -> None:
    """Write the page and its pictures.

    Raises
    ------
    StudyError
        If the study has not been finished.
    """
    findings = Findings(RecordStudy(Path(study)))
    if lacking := len(contenders()) - len(findings.study.contenders):
        raise StudyError(f"{study} lacks {lacking} contenders. Let the study go on: {findings.study.study.again}")
    known = Experiment(known_world(record.LAST), retained_sets(), SEED)
    filters = [filter_states(known.replace(seed=SEED + turn), _SWEPT["both codings"]) for turn in range(SEEDS)]
    swept = {words: filter_states(known, settings) for words, settings in list(_SWEPT.items())[1:]}
    recovered = recovery.summary(recovery.ranks(RECOVERED, known))
    pictures = {f"images/record/{name}.png": picture for name, picture in findings.pictures.items()}
    publish_page(folder, PAGE, page(findings, filters, swept, recovered), pictures)


if __name__ == "__main__":
    main(*sys.argv[1:])
