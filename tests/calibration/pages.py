"""A page of tables: what was counted, beside what may be."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt


@dataclass
class Section:
    """A heading, some words, a table."""

    title: str
    words: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)

    def markdown(self) -> str:
        lines = [f"| {' | '.join(row)} |" for row in (self.columns, ["---"] * len(self.columns), *self.rows)]
        return f"## {self.title}\n\n{self.words}\n\n" + "\n".join(lines) + "\n"


def share(count: float, of: int) -> str:
    """`5.1 % ± 0.5`: a share with its binomial standard error, in percent."""
    rate = count / of
    return f"{100 * rate:.1f} % ± {100 * sqrt(max(rate * (1 - rate), 1 / of) / of):.1f}"


def printed(held: int, made: int, of: int) -> str:
    """The share of the printed intervals that hold, and how many were refused."""
    if not made:
        return "refused"
    return share(held, made) + ("" if made == of else f", {100 * (1 - made / of):.0f} % refused")


def most(rate: float, of: int) -> float:
    """The largest share that chance explains once in a thousand, if the true one is `rate`: 3.1 standard errors above."""
    return rate + 3.1 * sqrt(rate * (1 - rate) / of)


def least(rate: float, of: int) -> float:
    """The smallest share that chance explains once in a thousand."""
    return rate - 3.1 * sqrt(rate * (1 - rate) / of)
