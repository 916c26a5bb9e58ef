"""The look of every picture, said once: colours, sizes, and the words for what is shown."""

from calendar import month_name
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sim.analysis import units
from sim.model.capitals import CAPITALS
from sim.model.months import FIRST_YEAR

WIDTH = 7.2  # inches; with DPI, 900 pixels
DPI = 125
TITLE, TEXT, SMALL, TINY = 13.0, 9.0, 7.5, 6.2  # points

PAPER, INK, MUTED, FAINT, SHADE = "#ffffff", "#1f1f1f", "#5c5c5c", "#d4d4d4", "#f1efe9"

# Places in the palette of Okabe and Ito (2008), whose colours stay apart for the colour-blind.
_PLACE = {
    "Beijing": 6,
    "Moscow": 5,
    "Pyongyang": 3,
    "Washington": 2,
    "Seoul": 7,
    "deal": 1,
    "main": 5,
    "control": 6,
    "observed": 0,
    "warm": 5,
    "cold": 6,
}


@cache
def colour(role: str) -> str:
    """Return the colour of a capital ("deal" for the arms deal) or of a part in a picture, as #rrggbb."""
    import matplotlib
    from matplotlib.colors import to_hex

    if role not in _PLACE:
        return MUTED
    return to_hex(matplotlib.color_sequences["okabe_ito"][_PLACE[role]])


@dataclass(frozen=True, slots=True)
class Words:
    """How a series is called: a title, its range or the kind of its unit, and words for the middle of a sentence."""

    title: str
    measured: str
    short: str

    @property
    def unit(self) -> str:
        """Its unit in words."""
        return units.unit(self.measured) if self.measured in units.KINDS else self.measured


def _warmth(one: str, other: str) -> Words:
    title = f"Warmth between {one} and {other}"
    return Words(title, "-10 hostile to 10 close", f"warmth between {one} and {other}")


SERIES = {
    "reengagement": Words(
        "Pyongyang's re-engagement with Beijing", "0 (none) to 100 (full)", "re-engagement with Beijing"
    ),
    "relative_alignment": Words("Leaning to Beijing rather than Moscow", "0 to 100", "leaning to Beijing"),
    "influence": Words("Beijing's influence on Pyongyang", "0 to 1", "Beijing's influence"),
    "resources": Words("What the North lives on", "trade", "the North's resources"),
    "china_flow": Words("Trade, fuel and aid from China", "trade", "trade with China"),
    "workers_in_china": Words("Northern workers in China", "workers in China", "workers in China"),
    "workers_in_russia": Words("Northern workers in Russia", "workers in Russia", "workers in Russia"),
    "russia_flow": Words("Goods from Russia", "trade", "goods from Russia"),
    "arms_flow": Words("Arms to Russia", "arms", "arms to Russia"),
    "munitions_stock": Words("The North's munitions", "1 = before any sale", "the munitions stock"),
    "economy": Words("The North's economy", "real output, 2016 = 1", "the North's economy"),
    "dependence_on_china": Words("Dependence on China", "share of outside support", "dependence on China"),
    "warmth_beijing_pyongyang": _warmth("Beijing", "Pyongyang"),
    "warmth_moscow_pyongyang": _warmth("Moscow", "Pyongyang"),
    "warmth_beijing_moscow": _warmth("Beijing", "Moscow"),
    "warmth_beijing_washington": _warmth("Beijing", "Washington"),
    "warmth_beijing_seoul": _warmth("Beijing", "Seoul"),
    "warmth_washington_pyongyang": _warmth("Washington", "Pyongyang"),
    "warmth_seoul_pyongyang": _warmth("Seoul", "Pyongyang"),
    "capability": Words("The North's strategic capability", "0 to 1", "strategic capability"),
    "tension": Words("Tension on the peninsula", "0 to 1", "tension"),
    "allied_buildup": Words("Allied build-up", "0 to 1", "the allied build-up"),
    "recognition": Words("Recognition as a nuclear state", "0 to 1", "recognition as a nuclear state"),
    "sanctions_pressure": Words("Sanctions on the North", "0 to 1", "pressure of sanctions"),
    "pact": Words("How far a treaty binds Moscow and Pyongyang", "0 to 1", "the treaty with Moscow"),
    "trust": Words("Pyongyang's trust in talks with Washington", "0 to 1", "trust in talks"),
    "expected_support": Words("Support that Pyongyang expects", "trade", "expected support"),
    "means": Words("Means of payment above the usual", "trade", "means of payment"),
    "capacity": Words("Output that past living added", "real output, 2016 = 1", "added output"),
    "accustomed_west": Words("The line on the West that Pyongyang is used to", "-1 cool to 1 courts", "the usual line"),
}

# What stands at the head of a lane, where there is no room for a lever's whole title.
LANE = {
    "beijing_trade": "trade with the North",
    "beijing_workers": "Northern workers",
    "beijing_leash": "leash on Pyongyang",
    "beijing_bloc": "three-way bloc",
    "beijing_visits": "meetings with Kim",
    "beijing_toward_west": "line on the West",
    "deal_arms": "arms to Moscow",
    "deal_pay": "payment",
    "deal_technology": "technology",
    "moscow_labour": "Northern workers",
    "moscow_cover": "cover at the UN",
    "pyongyang_toward_beijing": "stance to Beijing",
    "pyongyang_toward_moscow": "stance to Moscow",
    "pyongyang_provoke": "provocations",
    "pyongyang_talks": "talks",
    "washington_sanction": "sanctions",
    "washington_posture": "posture",
    "washington_toward_beijing": "line on Beijing",
    "seoul_north": "line on the North",
    "seoul_toward_beijing": "line on Beijing",
}

ORDER = ("Pyongyang", "deal", "Moscow", "Beijing", "Washington", "Seoul")  # of lanes, from the top

GROUP = dict(zip(CAPITALS, CAPITALS, strict=True)) | {"deal": "Moscow and Pyongyang: the arms deal"}


def sentence(text: str) -> str:
    """Return a text with a capital at its head."""
    return text[:1].upper() + text[1:]


def list_names(names: Sequence[str], last: str) -> str:
    """Return names in a sentence, the last after a word such as ``and``."""
    return f" {last} ".join([", ".join(names[:-1])] * (len(names) > 1) + [names[-1]])


def percent(share: float) -> str:
    """Return a share as a reader says it: 51%."""
    return f"{share * 100:.0f}%"


def format_signed(points: float) -> str:
    """Return points with their sign and one decimal, as a page in a browser writes them."""
    return f"{points:+.1f}".replace("-", "\N{MINUS SIGN}")


def spoken_month(month: int) -> str:
    """Return a month, counted from 2019-01, as a reader says it: June 2024."""
    return f"{month_name[month % 12 + 1]} {FIRST_YEAR + month // 12}"


def words(name: str) -> Words:
    """Return the words for a series; a lever's name is made readable."""
    if name in LANE:
        title = LANE[name]
        capital = GROUP[name.split("_")[0].title().replace("Deal", "deal")]
        return Words(f"{capital}: {title}", "value of the option", title)
    return SERIES[name]
