"""Claims as tests of another project: `parametrize_with_claims` in its test files, or `pytest --trickbench my_package.my_adam`.

    from trickbench.harness import parametrize_with_claims
    from my_package import MyAdam

    @parametrize_with_claims([MyAdam])
    def test_my_adam(check):
        check()

Each claim of the implementation's family and technique is a test item of its own. Claims that train networks are left out unless asked for.
The class says which technique it is of (`technique = "adam"`), or the call does. This module is loaded by every pytest session where the
package is installed, so it imports nothing heavy.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from .errors import InputError

if TYPE_CHECKING:
    from .claim import Claim
    from .technique import Implementation


class ClaimRefuted(AssertionError):  # noqa: N818  read as a sentence: ClaimRefuted: adam.recurrence ...
    """An implementation does not keep a claim."""


class Check:
    """One claim and one implementation. Calling it makes the check: it returns where the claim holds, and raises `ClaimRefuted` where not."""

    def __init__(self, claim: Claim, implementation: Implementation, seed: int) -> None:
        self.claim, self.implementation, self.seed = claim, implementation, seed
        self.expected = ""
        """Why it is expected to be refuted."""

    def __repr__(self) -> str:
        return f"{self.implementation.variant}-{self.claim.id}"

    def __call__(self) -> None:
        __tracebackhide__ = True
        from .checks.command import check_one
        from .checks.output import explanation
        from .checks.perform import BAD

        checked = check_one(self.claim, self.implementation, self.seed)
        if self.expected and checked.verdict not in BAD:
            pytest.fail(f"{self.claim.id} was expected to be refuted ({self.expected}), and is {checked.verdict}.")
        if checked.verdict == "not applicable":
            pytest.skip(f"not applicable: {checked.reason}")
        if checked.verdict == "departs":
            pytest.xfail(f"declared departure: {checked.reason}")
        if checked.verdict in BAD:
            raise ClaimRefuted(explanation(checked, self.seed))


def parametrize_with_claims(
    implementations: Sequence[Any],
    *,
    technique: str | None = None,
    conventions: Mapping[str, str] | None = None,
    claims: str | Sequence[str] = (),
    expected_failed_claims: Mapping[str, str] | None = None,
    slow: bool = False,
    seed: int = 0,
) -> pytest.MarkDecorator:
    """One test item for each claim about each implementation; the test function takes `check` and calls it.

    implementations: classes with the methods of their family, `torch.optim.Optimizer` subclasses, or factories of optax transformations.
    technique, conventions: what they are and what they declare, where they do not say so themselves as attributes.
    claims: patterns of ids (`adam.*`); all by default.
    expected_failed_claims: id to reason, for claims that are known to be refuted; one that holds after all fails its test.
    slow: with the empirical claims, which train networks.

    Raises `InputError` where an implementation is none, or an id is no claim about it.
    """
    from .lookup import handed_in

    if isinstance(implementations, (str, type)) or not isinstance(implementations, Sequence):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InputError(f"implementations is {implementations!r}; accepted is a list, such as [MyAdam].")
    found = [handed_in(each, technique, conventions) for each in implementations]
    checks = list(_checks(found, [claims] if isinstance(claims, str) else claims, slow=slow, seed=seed))
    expected = dict(expected_failed_claims or {})
    _refuse_unknown(expected, checks)
    return pytest.mark.parametrize("check", [_parameter(check, expected) for check in checks])


def _checks(implementations: Sequence[Implementation], patterns: Sequence[str], *, slow: bool, seed: int) -> Iterable[Check]:
    from .checks.plan import check_plan

    if seed < 0:
        raise InputError(f"seed is {seed}; accepted is a whole number from 0.")
    plan = check_plan(patterns, implementations=implementations, fast=not slow)
    if not plan.pairs:
        raise InputError(f"No claim with a check fits {', '.join(patterns) or 'these implementations'}; see `trickbench list claims`.")
    return (Check(claim, each, seed) for claim, each in plan.pairs)


def _refuse_unknown(expected: Mapping[str, str], checks: Sequence[Check]) -> None:
    from .errors import unknown

    known = {check.claim.id for check in checks}
    for claim_id in expected:
        if claim_id not in known:
            raise unknown("claim about these implementations", claim_id, sorted(known))


def _parameter(check: Check, expected: Mapping[str, str]) -> Any:
    reason = expected.get(check.claim.id)
    check.expected = reason or ""
    marks = () if reason is None else pytest.mark.xfail(strict=True, raises=ClaimRefuted, reason=reason)
    return pytest.param(check, id=repr(check), marks=marks)


class ClaimItem(pytest.Item):
    """A claim as a test item without a test file."""

    check: Check

    def runtest(self) -> None:
        """Make the check."""
        self.check()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The counterexample alone, without a traceback through this package."""
        return str(excinfo.value) if isinstance(excinfo.value, ClaimRefuted) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """What the report calls it."""
        return self.config.rootpath, None, self.name


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--trickbench`."""
    group = parser.getgroup("trickbench")
    group.addoption(
        "--trickbench", action="append", default=[], metavar="WHAT",
        help="hold the claims of the lecture against an implementation: a .py file, a module (my_package.my_adam), or module:class; may be repeated",
    )  # fmt: skip
    group.addoption("--trickbench-seed", type=int, default=0, help="the seed of all inputs that the claims' checks draw")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add one item for each claim about what was named on the command line; `-k` and xdist see them like any other."""
    wanted: Any = config.getoption("--trickbench")
    seed: Any = config.getoption("--trickbench-seed")
    if wanted:
        items += _items(session, wanted, seed)


def _items(session: pytest.Session, wanted: Sequence[str], seed: int) -> Generator[pytest.Item]:
    from .lookup import named

    try:
        checks = list(_checks([each for text in wanted for each in named(text)], (), slow=False, seed=seed))
    except InputError as error:
        raise pytest.UsageError(str(error)) from error
    for check in checks:
        item: ClaimItem = ClaimItem.from_parent(session, name=f"trickbench::{check}")  # pyright: ignore[reportUnknownMemberType]
        item.check = check
        yield item
