"""The report as Markdown: the same sentences and tables as the page, with the figures as links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .words import LEGEND

if TYPE_CHECKING:
    from .content import Content
    from .figure import Figure
    from .section import Section
    from .tables import Cell, Table


def markdown(content: Content) -> str:
    """The whole report."""
    parts = [
        f"# {escaped(content.question)}",
        f"*Study {escaped(content.name)}: {escaped(content.facts)}.*",
        f"> **{escaped(content.partial)}**" if content.partial else "",
        "## Answer",
        *(f"**{escaped(setting)}:** {escaped(sentence)}" for setting, sentence in content.headlines),
        *map(escaped, content.arrangement),
        *(part for verdicts in content.verdicts for part in (f"**{escaped(verdicts.title)}**", table(verdicts))),
        f"{', '.join(verdict for verdict, _ in LEGEND)}. {escaped(content.key)}" if content.verdicts else "",
        "\n".join(f"- **{escaped(words.trick)}** {_sentences(words.sentences)}" for words in content.tricks),
        "## Effects",
        *map(picture, content.effect_figures),
        folded("Every comparison", table(content.effects)) if content.effects.rows else "There is no comparison to show.",
        *(part for section in content.sections for part in _section(section)),
        "## Learning curves",
        *map(picture, content.curves),
        "## Diagnostics",
        *map(picture, content.diagnostics),
        "## All arms",
        f"Test score, mean ± standard deviation over seeds; the best of each dataset in bold, unless all are alike. {escaped(content.diverged)}"
        if content.arms.rows
        else "No arm has a run.",
        table(content.arms) if content.arms.rows else "",
        "## Diverged and failed runs",
        escaped(content.incidents_sentence),
        table(content.incidents) if content.incidents.rows else "",
        "## How to reproduce",
        fenced(content.command) if content.command else "",
        *map(escaped, content.reproduce),
        f"Baseline: {escaped(content.baseline)}.",
        table(content.factors) if content.factors.rows else "",
        folded("Environment", table(content.environment)) if content.environment.rows else "",
        folded("Study file", fenced(content.study_text)) if content.study_text else "",
        "## Method",
        *map(escaped, content.method),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(section: Section) -> list[str]:
    return [
        f"## {escaped(section.title)}",
        *map(escaped, section.sentences),
        "\n".join(f"- **{escaped(about)}** {escaped(sentence)}" for about, sentence in section.points),
        *map(picture, section.figures),
        *(part for given in section.tables for part in (f"**{escaped(given.title)}**" if given.title else "", table(given))),
        *(folded(title, table(given)) for title, given in section.folded),
    ]


def _sentences(sentences: Sequence[tuple[str, str]]) -> str:
    return " ".join(f"*{escaped(setting)}:* {escaped(sentence)}" for setting, sentence in sentences)


def escaped(text: str) -> str:
    """Plain text in Markdown, on one line: what would be read as markup or end a table's cell is made literal, and no more, for terminals' sake."""
    line = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*|~]|(?<!\w)_|_(?!\w)|\](?=[(\[:]))", r"\\\1", line)


def table(given: Table) -> str:
    """A pipe table; the best entries are bold."""
    head = [[escaped(column) or " " for column in given.columns], ["---"] * len(given.columns)]
    body = [[_cell(cell) for cell in row] for row in given.rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in head + body)


def _cell(cell: Cell) -> str:
    aside = f"({cell.aside})" if " " in cell.aside else cell.aside  # a mark stands by itself
    text = escaped(f"{cell.text} {aside}".rstrip())
    return f"**{text}**" if "best" in cell.kind.split() else text


def picture(figure: Figure) -> str:
    """The PNG, which links to the SVG; the reason where there is none."""
    if figure.spec is None:
        return f"{escaped(figure.title)}: {escaped(figure.caption)}"
    title = escaped(figure.title)
    return f"[![{title}](figures/{figure.name}.png)](figures/{figure.name}.svg)\n\n*{title}.* {escaped(figure.caption)}"


def fenced(text: str) -> str:
    """A block of code whose fence is longer than any run of backticks inside."""
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return f"{fence}\n{text.rstrip()}\n{fence}"


def folded(title: str, inside: str) -> str:
    """Closed until it is clicked, where HTML is understood."""
    return f"<details><summary>{title}</summary>\n\n{inside}\n\n</details>"
