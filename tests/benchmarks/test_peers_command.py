"""Taking turns, talking to workers, and the command with its files; no peer's library is imported."""

import io
import json
from collections import Counter

import pytest

from benchmarks.peers import __main__ as command
from benchmarks.peers.growth import Growth
from benchmarks.peers.interleaved import Timed, play, rotated
from benchmarks.peers.limits import Limits
from benchmarks.peers.peer import Peer
from benchmarks.peers.ratios import Ratio
from benchmarks.peers.roster import OURS, peers
from benchmarks.peers.worker import Farm, PeerError, serve
from benchmarks.peers.works import WORKS


def test_everybody_has_every_place_once_and_nobody_is_left_out():
    names = ["a", "b", "c"]
    orders = [rotated(names, turn) for turn in range(6)]
    assert all(sorted(order) == names for order in orders)
    assert all(count == 2 for count in Counter((name, place) for order in orders for place, name in enumerate(order)).values())


def test_rounds_interleave_and_take_times_a_run():
    calls = []

    def contender(name, seconds):
        return lambda: calls.append(name) or (seconds, [0.9, 0.8])

    timed = {name: Timed(name, 2) for name in "ab"}
    play({"a": contender("a", 4.0), "b": contender("b", 6.0)}, timed, 3, lambda *_: None)
    assert calls == ["a", "b", "a", "b", "a", "b"]  # the second round starts with b and runs backwards
    assert (timed["a"].seconds, timed["b"].seconds, timed["b"].accuracies) == ([2.0] * 3, [3.0] * 3, [0.9, 0.8])


def test_a_peer_that_fails_is_left_out_of_further_rounds():
    calls = []

    def fails():
        calls.append("x")
        raise PeerError("x: no")

    timed = {"x": Timed("x", 2), "y": Timed("y", 2)}
    play({"x": fails, "y": lambda: (1.0, [1.0, 1.0])}, timed, 3, lambda *_: None)
    assert (calls, timed["x"].error, len(timed["y"].seconds)) == (["x"], "x: no", 3)


def test_a_worker_says_that_it_is_ready_and_answers_each_request():
    answers = io.StringIO()
    serve(lambda: lambda runs: [run / 10 for run in runs], io.StringIO("[1, 2]\n[3]\n"), answers)
    assert [json.loads(line) for line in answers.getvalue().splitlines()] == [{"accuracies": found} for found in ([], [0.1, 0.2], [0.3])]


def test_a_workers_error_is_its_last_answer(capsys):
    answers = io.StringIO()
    serve(lambda: lambda _: 1 / 0, io.StringIO("[1]\n[2]\n"), answers)
    assert json.loads(answers.getvalue().splitlines()[-1]) == {"error": "ZeroDivisionError: division by zero"}
    assert len(answers.getvalue().splitlines()) == 2
    assert "Traceback" in capsys.readouterr().err


def test_a_farm_reports_a_worker_that_cannot_start(capfd):
    with pytest.raises(PeerError, match="nobody: KeyError: 'nobody'"):
        Farm(Peer("nobody", None), "W", [0, 1])


@pytest.mark.parametrize(("stack", "sizes"), [(0, [4, 3]), (1, [1] * 7), (3, [3, 3, 1])])
def test_portions_hold_every_run_once(stack, sizes):
    portions = Peer("x", None, stack=stack).portions(range(7))
    assert [len(portion) for portion in portions] == sizes
    assert sorted(run for portion in portions for run in portion) == list(range(7))


def test_a_missing_package_is_named():
    assert Peer("x", None, packages=("numpy", "no_such_package")).available() == "no_such_package is not installed"
    assert not Peer("x", None, packages=("numpy",)).available()


def test_idle_threads_sleep_and_processes_have_their_number_of_threads():
    for peer in peers().values():
        environment = peer.environment()
        assert environment["OMP_NUM_THREADS"] == str(peer.threads)
        assert environment["KMP_BLOCKTIME"] == "0"
        assert peer.processes * peer.threads == 2 or peer.processes == 1


def test_names_are_distinct_and_ours_is_the_first():
    modules = [peer.name for peer in peers().values()]
    assert modules[0] == OURS
    assert len(set(modules)) == len(modules)


@pytest.fixture
def measured(monkeypatch):
    """The command without measurements: every peer takes 10 ms, but for the one named in `lazy`, which learns nothing."""
    lazy = set()

    def interleave(work, chosen, rounds, runs, _progress):
        return [
            Timed(peer.name, runs, 1.0, [0.01] * rounds, [0.1 if peer.name in lazy else 0.97 + 0.001 * (run % 3) for run in range(runs)])
            for peer in chosen
        ]

    monkeypatch.setattr(command, "interleave", interleave)
    monkeypatch.setattr(command, "measure", lambda works: Limits("a processor", 1e11, {work.optimiser_set: 1e11 for work in works}, 1e10))
    monkeypatch.setattr(command, "grow", lambda *_: [Growth(8, [0.01], Ratio(1.0, 1.0, 1.0)), Growth(128, [0.01], Ratio(1.03, 1.0, 1.1))])
    monkeypatch.setattr(Peer, "available", lambda self: "" if "PyTorch" not in self.name else "torch is not installed")
    return lazy


def test_the_command_writes_table_picture_and_data(measured, tmp_path, capsys):
    assert command.main(["--work", "W", "M", "--growth", "--output", str(tmp_path)]) == 0
    shown = capsys.readouterr()
    assert shown.out == (tmp_path / "peers.md").read_text(encoding="utf-8")
    assert "| trickbench | 10.00 | 10.00 to 10.00 | 1.00 |" in shown.out
    assert "it has no Maxout" in shown.out
    assert "1.030" in shown.out
    assert "PyTorch, eager, 2 processes is left out: torch is not installed." in shown.err
    assert {path.name for path in tmp_path.iterdir()} == {f"peers.{ending}" for ending in ("md", "json", "csv", "svg", "png")}
    rows = json.loads((tmp_path / "peers.json").read_text(encoding="utf-8"))["rows"]
    assert len(rows) == len((tmp_path / "peers.csv").read_text(encoding="utf-8").splitlines()) - 1


def test_a_peer_that_does_not_learn_fails_the_command(measured, tmp_path, capsys):
    measured.add("JAX, scan, 2 processes")
    assert command.main(["--work", "W", "--peer", "JAX", "--output", str(tmp_path), "--json"]) == 1
    shown = capsys.readouterr()
    assert "it does not do the same work" in shown.err
    assert json.loads(shown.out)["complaints"]


@pytest.mark.parametrize("arguments", [["--work", "X"], ["--rounds", "0"], ["--runs", "1"], ["--runs", "many"]])
def test_wrong_input_ends_with_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        command.main(arguments)
    assert caught.value.code == 2
    assert "error" in capsys.readouterr().err


def test_works_can_be_asked_for_by_name():
    assert [*WORKS] == ["W", "W-measured", "S", "S-measured", "D", "M", "B"]
