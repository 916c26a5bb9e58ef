"""``sim list``."""

from sim.cli import say
from sim.cli.options import AsJson, Quiet


def verb(json: AsJson = False, quiet: Quiet = False) -> None:
    """List the scenarios and their questions."""
    from sim.scenario.loading import available

    if json:
        say.as_json([{"name": name, "question": question} for name, question in available()])
        return
    say.data(say.plain_table(("scenario", "question"), available()))
    say.say_next("sim run NAME", "sim new my-scenario    (a commented file to start from)")
