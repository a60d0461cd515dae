"""The page that the tests write together, each its sections."""

from pathlib import Path

from .pages import Section

PAGE = Path(__file__).parents[2] / "docs" / "calibration.md"
HEAD = """# Whether the verdicts can be trusted

False verdicts are counted where nothing differs, effects are planted and looked for, and every interval is held against what it promises. A test
makes these tables anew and compares; each share stands with its binomial standard error. What the words mean stands in
[statistics.md](statistics.md).

"""
SECTIONS = (
    "a1", "a2", "a3", "a4", "a5", "a6", "b1", "b2", "b3", "b4", "b5", "b6",
    "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "d1", "d2", "e1", "e2",
)  # fmt: skip
PAGES: dict[str, Section] = {}


def kept(name: str, section: Section) -> None:
    """Put a section on the page."""
    PAGES[name] = section


def made() -> str:
    """The page, of the sections that there are."""
    return HEAD + "\n".join(PAGES[name].markdown() for name in SECTIONS if name in PAGES)
