"""The page: one HTML file that loads nothing. Vega stands in it once, each chart as data that cannot end its element."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .look import config
from .words import LEGEND

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from .content import Content


def page(content: Content, bundle: str) -> str:
    """The page of a report; `bundle` is the JavaScript that defines `vegaEmbed`."""
    drawn = {figure.name: figure.spec for figure in content.figures if figure.spec is not None and figure.interactive}
    return (
        environment()
        .get_template("page.html.jinja")
        .render(
            content=content,
            effect_figures=[figure for figure in content.effect_figures if figure.interactive],
            legend=LEGEND,
            training=list(zip(content.curves, content.diagnostics, strict=True)),
            specs=as_data(drawn),
            papers=as_data({paper: config(paper, "transparent") for paper in ("light", "dark")}),
            bundle=as_script(bundle) if drawn else "",
        )
    )


def environment() -> Environment:
    """jinja2 with our templates: everything is escaped, and an undefined name is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = FileSystemLoader(Path(__file__).parent)
    made = Environment(loader=templates, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["breakable"] = breakable
    return made


def as_data(value: Any) -> Markup:
    """JSON for a script element: without `<` nothing in it can end the element or open a comment."""
    from markupsafe import Markup

    return Markup(json.dumps(value, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c"))  # noqa: S704  JSON without a `<`


def as_script(source: str) -> Markup:
    """Our own JavaScript for a script element: `</script` and `<!--` occur in it only inside strings, where a backslash changes nothing."""
    from markupsafe import Markup

    return Markup(source.replace("</script", "<\\/script").replace("<!--", "<\\!--"))  # noqa: S704  a library, and nobody's data


def breakable(text: str) -> Markup:
    """A long name that may break after its punctuation instead of anywhere."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"([\[,_])", r"\1<wbr>", str(escape(text))))  # noqa: S704  escaped before the breaks are put in
