"""What the lecture claims of the diagnosis of a training (figure 1), held against made learning curves that leave no doubt (`_made.py`)."""

from collections.abc import Callable, Iterable, Iterator

from ...harness.claim import claim
from ...harness.diagnosis.diagnosed import FOR_TESTING, FOR_TRAINING, Diagnosed
from ...harness.evidence import Case, Evidence, first_refuted, true
from ...harness.probe import Probe
from ...harness.subject import DiagnosisSubject
from ._made import Made, made, with_validation

SECTION, ABOUT = "Recipe of Deep Learning", "diagnosis"
TRAINING, TESTING = ({remedy.name for remedy in remedies} for remedies in (FOR_TRAINING, FOR_TESTING))


@claim("recipe.train-first", kind="identity", section=SECTION, figures=(1, 2), about=ABOUT, dtypes=("float64",))
def a_bad_training_result_is_never_called_overfitting(diagnosis: DiagnosisSubject, probe: Probe) -> Evidence:
    """Results on training data are looked at first: with a bad training score the diagnosis is bad training, never overfitting, whatever the test
    score; and without a training score nothing is called overfitting.
    """
    random = probe.random()
    bad = (each for test in (False, True, None) for each in made(random, False, test))
    unknown = (each for test in (False, True) for each in made(random, None, test))
    return first_refuted(*_are(diagnosis, bad, ["bad on training"]), *_are(diagnosis, unknown, ["cannot tell", "bad on training"]))


@claim("recipe.overfit", kind="identity", section=SECTION, figures=1, about=ABOUT, dtypes=("float64",))
def a_good_training_result_with_a_bad_test_result_is_overfitting(diagnosis: DiagnosisSubject, probe: Probe) -> Evidence:
    """A good training result with a bad test result is diagnosed as overfitting, or as test data unlike the training data, which a good validation
    result may show; the remedies named are early stopping, regularisation and dropout, in this order.
    """
    random = probe.random()
    cases = list(made(random, True, False))
    beside = [with_validation(each, validation, random) for each in cases[::3] for validation in (False, True)]
    order = [remedy.name for remedy in FOR_TESTING]
    return first_refuted(
        *_are(diagnosis, [*cases, *beside], ["overfitting"]),
        *_hold(diagnosis, cases, lambda found: _names(found) == order, f"the remedies {', '.join(order)}", _shown_remedies),
    )


@claim("recipe.retest-train", kind="identity", section=SECTION, figures=1, about=ABOUT, dtypes=("float64",))
def after_a_remedy_the_training_result_is_looked_at_again(diagnosis: DiagnosisSubject, probe: Probe) -> Evidence:
    """After a remedy for overfitting the training result is looked at again: if the remedy spoilt it, the diagnosis goes back to training, whatever
    became of the test result; if both are good it is done; if the test result is still bad it is still overfitting.
    """
    random = probe.random()
    before = diagnosis.diagnose(next(made(random, True, False)).history)
    expected = {(False, True): "bad on training", (False, False): "bad on training", (True, True): "good", (True, False): "overfitting"}
    return first_refuted(
        *(
            true(
                (found := diagnosis.again(before, each.history)).diagnosis == wanted,
                Case(f"after a remedy for overfitting: {each.words}", wanted, found.title),
            )
            for (train, test), wanted in expected.items()
            for each in made(random, train, test)
        )
    )


@claim("recipe.remedy-match", kind="identity", section=SECTION, figures=1, about=ABOUT, dtypes=("float64",))
def the_remedies_are_those_of_what_is_diagnosed(diagnosis: DiagnosisSubject, probe: Probe) -> Evidence:
    """Remedies for bad training results (another activation function, an adaptive learning rate) and for bad test results (early stopping,
    regularisation, dropout) are disjoint, and matched to the diagnosis; for a good training none is named.
    """
    random = probe.random()
    for_training = _named(diagnosis, made(random, False, True), TRAINING)
    for_testing = _named(diagnosis, made(random, True, False), TESTING)
    return first_refuted(*for_training, *for_testing, *_named(diagnosis, made(random, True, True), set()))


@claim("recipe.done-needs-both", kind="identity", section=SECTION, figures=1, about=ABOUT, dtypes=("float64",))
def good_needs_a_good_training_result_and_a_good_test_result(diagnosis: DiagnosisSubject, probe: Probe) -> Evidence:
    """A training is called good only when its results on training and on test data are good, and then it is."""
    random = probe.random()
    others = [(False, False), (False, True), (True, False), (True, None), (False, None), (None, True), (None, False)]
    wrong = (each for train, test in others for each in made(random, train, test))
    return first_refuted(
        *_are(diagnosis, made(random, True, True), ["good"]),
        *_hold(diagnosis, wrong, lambda found: found.diagnosis != "good", "anything but good", lambda found: found.title),
    )


def _are(diagnosis: DiagnosisSubject, cases: Iterable[Made], wanted: list[str]) -> Iterator[Evidence]:
    return _hold(diagnosis, cases, lambda found: found.diagnosis in wanted, " or ".join(wanted), lambda found: found.title)


def _named(diagnosis: DiagnosisSubject, cases: Iterable[Made], wanted: set[str]) -> Iterator[Evidence]:
    return _hold(diagnosis, cases, lambda found: set(_names(found)) == wanted, f"the remedies {', '.join(sorted(wanted)) or 'none'}", _shown_remedies)


def _hold(
    diagnosis: DiagnosisSubject, cases: Iterable[Made], right: Callable[[Diagnosed], bool], expected: str, shown: Callable[[Diagnosed], str]
) -> Iterator[Evidence]:
    for each in cases:
        found = diagnosis.diagnose(each.history)
        yield true(right(found), Case(each.words, expected, shown(found)))


def _names(found: Diagnosed) -> list[str]:
    return [remedy.name for remedy in found.remedies]


def _shown_remedies(found: Diagnosed) -> str:
    return f"{found.title}, remedies {', '.join(_names(found)) or 'none'}"
