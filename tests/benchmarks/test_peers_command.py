"""Taking turns, talking to workers, and the command with its files; no peer's library is imported."""

import io
import json
import subprocess
import sys

import pytest

from benchmarks.peers import __main__ as command
from benchmarks.peers import growth, ours, scikit_learn, worker
from benchmarks.peers.cores import chosen
from benchmarks.peers.growth import Growth
from benchmarks.peers.interleaved import Progress, Timed, play
from benchmarks.peers.limits import Limits
from benchmarks.peers.peer import Peer
from benchmarks.peers.ratios import Ratio
from benchmarks.peers.roster import OURS, peers
from benchmarks.peers.worker import Farm, PeerError, serve
from benchmarks.peers.works import WORKS


def contender(calls, name, seconds=1.0):
    return lambda: calls.append(name) or (seconds, [0.9, 0.8])


def test_over_a_pair_of_rounds_everybodys_places_add_up_to_the_same():
    calls, names = [], "abcd"
    play({name: contender(calls, name) for name in names}, {name: Timed(name, 2) for name in names}, 6, lambda *_: None)
    rounds = [calls[first : first + 4] for first in range(0, 24, 4)]
    assert all(sorted(order) == list(names) for order in rounds)
    assert all(one.index(name) + other.index(name) == 3 for one, other in zip(rounds[::2], rounds[1::2], strict=True) for name in names)
    assert len({tuple(order) for order in rounds[::2]}) > 1


def test_rounds_interleave_and_take_times_a_run():
    calls = []
    timed = {name: Timed(name, 2) for name in "ab"}
    play({"a": contender(calls, "a", 4.0), "b": contender(calls, "b", 6.0)}, timed, 3, lambda *_: None)
    assert [sorted(calls[first : first + 2]) for first in (0, 2, 4)] == [["a", "b"]] * 3
    assert (timed["a"].seconds, timed["b"].seconds, timed["b"].accuracies) == ([2.0] * 3, [3.0] * 3, [[0.9, 0.8]] * 3)


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


def test_every_peer_works_on_two_cores_and_idle_threads_sleep_where_nobody_waits_for_them():
    own = {"trickbench": ours.WORKERS, "trickbench, rows at hand": ours.WORKERS, "scikit-learn, 2 processes": scikit_learn.WORKERS}
    for peer in peers().values():
        environment = peer.environment()
        assert environment["OMP_NUM_THREADS"] == str(peer.threads)
        assert ("KMP_BLOCKTIME" in environment) == ("OMP_WAIT_POLICY" in environment) == (peer.threads == 1)
        assert peer.processes * peer.threads * own.get(peer.name, 1) == 2


def test_two_cores_are_held_of_many_and_all_of_fewer():
    assert chosen(range(8), lambda processor: str(processor // 2)) == {0, 2}
    assert chosen([4, 5, 6], lambda _: "one core") == {4, 5}
    assert chosen([3]) == {3}


SILENT = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_a_peer_that_hangs_is_killed_and_an_error(monkeypatch):
    started = []

    def start(*_):
        started.append(subprocess.Popen(SILENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        return started[-1]

    monkeypatch.setattr(worker, "_start", start)
    monkeypatch.setattr(worker, "PATIENCE", 0.2)
    with pytest.raises(PeerError, match=r"silent: no answer within 0\.2 seconds"):
        Farm(Peer("silent", None), "W", [0, 1])
    assert all(process.returncode < 0 for process in started)


class FailsLater:
    """A farm whose training fails in the second round: a round is 21 calls, and one is a first pass."""

    def __init__(self, *_):
        self.calls = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def train(self, runs):
        self.calls += 1
        if self.calls > 30:
            raise PeerError("ours: no memory")
        return 0.01 * len(runs), [0.97] * len(runs)


def test_growth_that_fails_in_a_later_round_is_an_error(monkeypatch):
    monkeypatch.setattr(growth, "Farm", FailsLater)
    with pytest.raises(PeerError, match="no memory"):
        growth.grow(WORKS["W"], peers()[OURS], 5, Progress(15))


def test_names_are_distinct_and_ours_is_the_first():
    modules = [peer.name for peer in peers().values()]
    assert modules[0] == OURS
    assert len(set(modules)) == len(modules)


@pytest.fixture
def measured(monkeypatch):
    """The command without measurements: every peer takes 10 ms, but for the one named in `lazy`, which learns nothing."""
    lazy = set()

    def interleave(_work, chosen, timed, rounds, _progress):
        for peer in chosen:
            each = timed[peer.name]
            each.seconds += [0.01] * rounds
            each.accuracies += [[0.1 if peer.name in lazy else 0.97 + 0.001 * (run % 3) for run in range(each.runs)]] * rounds

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
    assert "it is not shown to do the same work" in shown.err
    assert json.loads(shown.out)["complaints"]


@pytest.mark.parametrize("arguments", [["--work", "X"], ["--rounds", "4"], ["--runs", "7"], ["--peer", "Theano"], ["--runs", "many"]])
def test_wrong_input_ends_with_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        command.main(arguments)
    assert caught.value.code == 2
    assert "error" in capsys.readouterr().err


def test_works_can_be_asked_for_by_name():
    assert [*WORKS] == ["W", "W-measured", "S", "S-measured", "D", "M", "B"]


def test_the_words_for_peers_are_named_where_one_is_none(capsys):
    with pytest.raises(SystemExit):
        command.main(["--peer", "JAX", "Theano"])
    said = capsys.readouterr().err
    assert all(name in said for name in peers())


@pytest.mark.parametrize("arguments", [["--peer", "PyTorch"], ["--work", "D", "--peer", "scikit-learn"]])
def test_without_a_peer_nothing_is_measured(measured, arguments, tmp_path, capsys):
    assert command.main([*arguments, "--output", str(tmp_path / "out")]) == 4
    assert "No peer is left" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_output_that_cannot_be_a_folder_is_said_before_measuring(measured, monkeypatch, tmp_path, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setattr(command, "measure", None)  # whoever calls it fails
    assert command.main(["--output", str(tmp_path / "file" / "out")]) == 2
    assert "give --output a folder" in capsys.readouterr().err


def test_a_work_named_twice_is_measured_once(measured, tmp_path, capsys):
    assert command.main(["--work", "W", "W", "--peer", "JAX", "--output", str(tmp_path), "--json"]) == 0
    names = [row["peer"] for row in json.loads(capsys.readouterr().out)["rows"]]
    assert len(set(names)) == len(names)


def test_an_interruption_writes_what_there_is(measured, monkeypatch, tmp_path, capsys):
    whole = command.interleave

    def interrupted(work, chosen, timed, rounds, progress):
        whole(work, chosen[: None if work.name == "W" else 1], timed, rounds, progress)
        if work.name == "S":
            raise KeyboardInterrupt

    monkeypatch.setattr(command, "interleave", interrupted)
    assert command.main(["--work", "W", "S", "M", "--peer", "JAX", "--growth", "--output", str(tmp_path)]) == 130
    found = json.loads((tmp_path / "peers.json").read_text(encoding="utf-8"))
    assert found["interrupted"]
    assert {row["work"] for row in found["rows"] if row["ratio"]} == {"W"}
    assert ", interrupted" in capsys.readouterr().out


def test_growth_that_fails_does_not_lose_the_rest(measured, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(command, "grow", growth.grow)
    monkeypatch.setattr(growth, "Farm", FailsLater)
    assert command.main(["--work", "W", "--peer", "JAX", "--growth", "--output", str(tmp_path)]) == 1
    shown = capsys.readouterr()
    assert "W, growth: ours: no memory" in shown.err
    assert "| trickbench | 10.00 |" in shown.out
