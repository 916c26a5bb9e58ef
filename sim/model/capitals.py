"""The five capitals, in the order in which the rules go through them.

What a capital can do stands in ``moves.py``, what it wants in ``goals/``, what a month does to it in ``transition/``.
docs/extending.md says what a sixth needs.
"""

CAPITALS = ("Beijing", "Moscow", "Pyongyang", "Washington", "Seoul")
