"""The levers: what each capital can do in a month, and the value of each option in the equations."""

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a capital can do: its name in scenario files, its value, and words for the chronicle."""

    name: str
    value: float
    label: str


@dataclass(frozen=True, slots=True)
class Lever:
    """An ordered set of options of one capital; ``capital`` is "deal" where Moscow and Pyongyang decide together.

    ``line``: a line of policy, reviewed seldom; the others are acts. ``crosses``: what it decides crosses the border
    between China and the North.
    """

    capital: str
    name: str
    title: str
    options: tuple[Option, ...]
    line: bool = False
    crosses: bool = False

    @property
    def field(self) -> str:
        """The field of :class:`Moves` that holds this lever's value."""
        return f"{self.capital.lower()}_{self.name}"

    @property
    def widths(self) -> tuple[float, ...]:
        """How much of the choice each option takes up where nothing is preferred: equal shares."""
        return (1.0 / len(self.options),) * len(self.options)

    def index(self, value: float) -> int:
        """Return the place of the option that has this value.

        Raises
        ------
        ValueError
            If no option has it.
        """
        return [option.value for option in self.options].index(value)

    def label(self, value: float) -> str:
        """Return the plain words for the option that has this value."""
        return self.options[self.index(value)].label


def _act(capital: str, name: str, title: str, *options: tuple[str, float, str]) -> Lever:
    return Lever(capital, name, title, tuple(Option(*option) for option in options))


def _line(capital: str, name: str, title: str, *options: tuple[str, float, str]) -> Lever:
    return replace(_act(capital, name, title, *options), line=True)


def _crossing(capital: str, name: str, title: str, *options: tuple[str, float, str]) -> Lever:
    return replace(_act(capital, name, title, *options), crosses=True)


LEVERS = (
    _crossing("Beijing", "trade", "trade and aid for the North",
              ("squeeze", 0.35, "squeezes trade with the North"),
              ("trim", 0.7, "trims trade with the North"),
              ("normal", 1.0, "trades normally with the North"),
              ("generous", 1.3, "is generous with trade and aid")),
    _crossing("Beijing", "workers", "North Korean workers in China",
              ("expel", 0.0, "sends North Korean workers home"),
              ("thin", 0.5, "lets fewer North Korean workers stay"),
              ("keep", 1.0, "lets North Korean workers stay")),
    _line("Beijing", "leash", "the leash on Pyongyang",
          ("egg on", -1.0, "eggs Pyongyang on"),
          ("silent", 0.0, "says nothing about Pyongyang's threats"),
          ("restrain", 1.0, "restrains Pyongyang")),
    _line("Beijing", "bloc", "the three-way bloc",
          ("aloof", 0.0, "stays aloof from the three-way bloc"),
          ("observe", 0.5, "observes the three-way bloc"),
          ("join", 1.0, "joins the three-way bloc")),
    _act("Beijing", "visits", "meetings with Pyongyang",
         ("envoys", 0.0, "meets Pyongyang through envoys"),
         ("leader", 1.0, "offers Pyongyang a meeting of leaders")),
    _line("Beijing", "toward_west", "the line on Washington and Seoul",
          ("cool", -1.0, "cools toward Washington and Seoul"),
          ("routine", 0.0, "keeps routine ties with Washington and Seoul"),
          ("court", 1.0, "courts Washington and Seoul")),
    _act("deal", "arms", "arms from Pyongyang to Moscow",
         ("none", 0.0, "no arms"),
         ("half", 0.5, "arms at half the maximum rate"),
         ("full", 1.0, "arms at the maximum rate")),
    _act("deal", "pay", "payment from Moscow",
         ("nothing", 0.0, "no payment"),
         ("low", 0.33, "low payment"),
         ("good", 0.67, "good payment"),
         ("top", 1.0, "top payment")),
    _act("deal", "technology", "technology from Moscow",
         ("none", 0.0, "no technology"),
         ("air defence", 0.33, "air-defence technology"),
         ("space and missile", 0.67, "space and missile technology"),
         ("sensitive", 1.0, "the most sensitive technology")),
    _line("Moscow", "labour", "North Korean labour in Russia",
          ("none", 0.0, "takes no North Korean workers"),
          ("half", 0.5, "takes some North Korean workers"),
          ("full", 1.0, "takes as many North Korean workers as can come")),
    _line("Moscow", "cover", "cover at the UN",
          ("enforce", -1.0, "enforces sanctions on the North"),
          ("abstain", 0.0, "abstains on the North at the UN"),
          ("veto", 1.0, "shields the North with its veto")),
    _act("Pyongyang", "toward_beijing", "the stance to Beijing",
         ("slight", -1.0, "slights Beijing"),
         ("cool", -0.3, "is cool to Beijing"),
         ("correct", 0.3, "keeps correct relations with Beijing"),
         ("court", 1.0, "courts Beijing")),
    _line("Pyongyang", "toward_moscow", "the stance to Moscow",
          ("cool", -0.3, "is cool to Moscow"),
          ("correct", 0.2, "keeps correct relations with Moscow"),
          ("court", 0.6, "courts Moscow"),
          ("treaty", 1.0, "ties itself to Moscow by treaty")),
    _act("Pyongyang", "provoke", "provocations",
         ("none", 0.0, "provokes nobody"),
         ("rhetoric", 0.33, "threatens in words"),
         ("missile", 0.67, "fires missiles"),
         ("nuclear", 1.0, "tests nuclear arms")),
    _act("Pyongyang", "talks", "talks with Washington and Seoul",
         ("refuse", 0.0, "refuses talks with Washington and Seoul"),
         ("probe", 0.5, "probes for talks"),
         ("talk", 1.0, "talks with Washington and Seoul")),
    _line("Washington", "sanction", "sanctions on the North",
          ("ease", -1.0, "eases sanctions on the North"),
          ("hold", 0.0, "holds sanctions where they are"),
          ("tighten", 1.0, "tightens sanctions on the North")),
    _line("Washington", "posture", "forces and exercises around the peninsula",
          ("lower", -1.0, "weakens its military posture"),
          ("steady", 0.0, "keeps its military posture"),
          ("raise", 1.0, "strengthens its military posture")),
    _line("Washington", "toward_beijing", "the line on Beijing",
          ("confront", -1.0, "confronts Beijing"),
          ("compete", 0.0, "competes with Beijing"),
          ("engage", 1.0, "engages Beijing")),
    _line("Seoul", "north", "the line on the North",
          ("hard", -1.0, "takes a hard line on the North"),
          ("deter", 0.0, "deters the North"),
          ("engage", 1.0, "engages the North")),
    _line("Seoul", "toward_beijing", "the line on Beijing",
          ("distance", -1.0, "keeps its distance from Beijing"),
          ("routine", 0.0, "keeps routine ties with Beijing"),
          ("court", 1.0, "courts Beijing")),
)

LEVER = {lever.field: lever for lever in LEVERS}
DEAL = tuple(lever for lever in LEVERS if lever.capital == "deal")


def levers_of(capital: str) -> tuple[Lever, ...]:
    """Return the levers that a capital decides alone, in the order in which they are reviewed."""
    return tuple(lever for lever in LEVERS if lever.capital == capital)


def decider(lever: Lever) -> str:
    """Return the capital that decides a lever alone; in variant V1 the parts of the deal have one each."""
    if lever.capital != "deal":
        return lever.capital
    return "Pyongyang" if lever.name == "arms" else "Moscow"


@dataclass(slots=True)
class Moves:
    """What every capital does in a month, as option values. The defaults are the moves of January 2019."""

    beijing_trade: float = 1.0
    beijing_workers: float = 1.0
    beijing_leash: float = 0.0
    beijing_bloc: float = 0.0
    beijing_visits: float = 1.0
    beijing_toward_west: float = 0.0
    deal_arms: float = 0.0
    deal_pay: float = 0.0
    deal_technology: float = 0.0
    moscow_labour: float = 0.5
    moscow_cover: float = 0.0
    pyongyang_toward_beijing: float = 1.0
    pyongyang_toward_moscow: float = 0.2
    pyongyang_provoke: float = 0.0
    pyongyang_talks: float = 1.0
    washington_sanction: float = 0.0
    washington_posture: float = 0.0
    washington_toward_beijing: float = 0.0
    seoul_north: float = 1.0
    seoul_toward_beijing: float = 0.0


MOVE_FIELDS = tuple(field.name for field in fields(Moves))

# No exchange first, then every bundle with arms, ordered by arms, pay, technology.
BUNDLES = (
    (0.0, 0.0, 0.0),
    *(
        (arms.value, pay.value, technology.value)
        for arms in DEAL[0].options[1:]
        for pay in DEAL[1].options
        for technology in DEAL[2].options
    ),
)
# No exchange takes up a third of the choice, all bundles with arms the rest.
_WITH_ARMS = len(BUNDLES) - 1
BUNDLE_WIDTHS = (1.0 / 3.0,) + (2.0 / 3.0 / _WITH_ARMS,) * _WITH_ARMS
