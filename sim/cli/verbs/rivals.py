"""``sim rivals``."""

from pathlib import Path

from sim.cli import options, say, simulating


def verb(
    scenario: options.World = "war-ends-any-time",
    sets: options.Sets = None,
    defaults: options.Defaults = False,
    runs: options.Pairs = 200,
    seed: options.Seed = None,
    out: options.Out = None,
    overwrite: options.Overwrite = False,
    jobs: options.Jobs = None,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Compare the article with rival theories, in one table.

    Simulates persistence, random moves, two blocs and expected utility in the same scenario as the article's rules, and
    scores all of them on the same patterns of history.
    """
    from sim.scenario import load

    world = load(scenario)
    seed, folder = simulating.prepare_output("rivals", f"rivals-{Path(scenario).stem}", seed, out, overwrite)
    command = say.typed_command("rivals", scenario, seed=seed, runs=runs, sets=sets, defaults=defaults)
    parameters = simulating.sets_of([world], sets, seed, defaults)

    import sim
    from sim.inference.hindcast import COUNTED, OF_ALL
    from sim.report.figures import trial_figures
    from sim.report.folders import study_folders
    from sim.report.style import percent
    from sim.report.text import doubt

    simulating.ready_engine()
    table = sim.rivals(world, runs, parameters, seed, jobs)
    said = doubt.of_sets(parameters)
    facts = {"seed": seed, "runs": runs, "sets": len(parameters), "scenario": world.to_yaml(), "uncalibrated": said}
    source = f"{len(parameters):,} sets, {runs} runs each, seed {seed}. {said}"
    picture = {"theories": trial_figures.theories(table, source)}
    study_folders.write_study_folder(folder, "rivals", command, facts, picture, {"theories": table})
    if json:
        say.as_json({**facts, "theories": table.reset_index().to_dict("records"), "folder": str(folder)})
    else:
        header = ("pattern", *map(str, table.index))
        rows = [(name, *(percent(share) for share in table[name])) for name in COUNTED]
        rows += [
            (OF_ALL, *(f"{value:.1f}" for value in table[OF_ALL])),
            ("series matched", *(percent(value) for value in table["series"])),
            ("misfit", *(f"{value:.2f}" for value in table["misfit"])),
            ("D2, pairs", *(percent(value) for value in table["D2"])),
            ("effect of the end", *(f"{value:+.1f}" for value in table["effect"])),
        ]
        rule = "Share of parameter sets in which each pattern holds; misfit: mean implausibility (0 is best)."
        say.data(rule, said, "", say.plain_table(header, rows, numbers=header[1:]))
    say.results(folder, f"picture in {folder / 'figures'}", "sim hindcast")
