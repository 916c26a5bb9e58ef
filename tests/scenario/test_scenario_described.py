"""A scenario as text, as a difference, and as a table in a notebook."""

from html.parser import HTMLParser

from sim.scenario import load, loads

BASE = load("baseline")


def script(capital: str, lever: str, option: str, first: str, last: str) -> dict[str, str]:
    return {"capital": capital, "lever": lever, "option": option, "from": first, "to": last}


def test_a_rich_scenario_survives_its_own_text() -> None:
    scenario = BASE.with_(
        name="NO: 1e3 # {odd} 'name'",
        question="12:30:45",
        drivers={
            "border": [{"from": "2027-01", "to": "2027-12", "value": 1 / 3}, {"2028-01": 0, "2029-01": {"linear": 1}}]
        },
        postwar_need=0.1 + 0.2,
        war={"ends": {"uniform": ["2026-01", "2026-12"]}},
        without=["C38", "A3"],
        moves=[script("deal", "technology", "space and missile", "2025-01", "2025-02")],
    )
    again = loads(scenario.to_yaml())
    assert again == scenario
    assert again.schedule() == scenario.schedule()
    assert again.values() == scenario.values()


def test_difference_says_what_a_run_would_see_differently() -> None:
    changed = BASE.with_(
        war={"ends": "2027-06"},
        postwar_need=0.2,
        without=["C38"],
        drivers={
            "border_russia": {"from": "2027-01", "to": "2027-12", "value": 0},
            "news": [{"from": "2025-01", "to": "2025-02"}],
            "line_seoul_north": {"from": "2028-01", "to": "2028-02", "value": 0.8},
        },
        moves=[script("Beijing", "trade", "squeeze", "2025-01", "2025-06")],
    )
    rows = {key: (this, other) for key, this, other in changed.difference(BASE)}
    assert rows["war ends"] == ("2027-06", "never")
    assert rows["postwar_need"] == ("0.2", "0.4")
    assert rows["switched off"] == ("C38", "nothing")
    assert rows["border_russia, 2027-01 to 2027-12"] == ("0", "1")
    assert rows["news, 2025-01 to 2025-02"] == ("1", "0")
    assert rows["line_seoul_north, 2028-01 to 2028-02"] == ("0.8", "-0.6")
    key = "Beijing: trade and aid for the North, 2025-01 to 2025-06"
    assert rows[key] == ("squeezes trade with the North", "free to choose")
    mirrored = [(key, other, this) for key, this, other in changed.difference(BASE)]
    assert BASE.difference(changed) == mirrored
    assert BASE.difference(BASE) == []


def test_difference_compares_as_far_as_both_last() -> None:
    longer = BASE.with_(months={"to": "2036-12"})
    assert longer.difference(BASE) == [("months simulated to", "2036-12", "2032-12")]
    assert BASE.difference(longer) == [("months simulated to", "2032-12", "2036-12")]


def test_the_notebook_table_is_html_and_escapes_what_is_written() -> None:
    html = BASE.with_(name="<b>bold</b>", postwar_need=0.2, war={"ends": "2027-06"})._repr_html_()
    opened: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            opened.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert opened.pop() == tag

    Reader().feed(html)
    assert opened == []
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert "postwar_need = 0.2" in html
    assert "2027-06" in html
