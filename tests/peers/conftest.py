"""How measured deviations are kept."""

from collections.abc import Callable

import pytest


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Callable[[float], None]:
    """Note a deviation as a property of the test; `--junitxml` shows it. (pytest's own `record_property` warns under its default report format.)"""
    return lambda deviation: request.node.user_properties.append(("deviation", f"{deviation:.1e}"))
