"""The process apart: whatever a parser does to it, the caller gets bytes or a finding."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from mne.errors import OptionError
from mne.ground import child
from mne.ground.guard import Guard, run_guarded

posix = pytest.mark.skipif(os.name != "posix", reason="memory and processor limits are those of Unix")

READERS = """
import ctypes, os, sys, time

def echo(data, *, prefix=""):
    return prefix.encode() + data
def process(data):
    return str(os.getpid()).encode()
def raises(data):
    raise ValueError("no table in " + repr(data))
def needs(data):
    import a_package_that_is_not_installed
def text(data):
    return "text"
def spins(data):
    while True:
        pass
def sleeps(data):
    time.sleep(600)
def eats(data):
    return bytes(1 << 40)
def eats_slowly(data):
    kept = []
    while True:
        kept.append(bytearray(8 << 20))
def runs_out_in_c(data):
    sys.stderr.write("terminate called after throwing an instance of 'std::bad_alloc'")
    sys.stderr.flush()
    os.abort()
def aborts(data):
    os.abort()
def faults(data):
    ctypes.string_at(0)
def leaves(data):
    os._exit(3)
def is_killed(data):
    os.kill(os.getpid(), 9)
def prints(data):
    print("a library that talks")
    os.write(1, b"and one that talks from C")
    return b"read"
def answers_nonsense(data):
    os.write(next(n for n in range(3, 64) if is_pipe(n)), b"nonsense\\n")
    time.sleep(600)
def is_pipe(number):
    import stat
    try:
        return stat.S_ISFIFO(os.fstat(number).st_mode)
    except OSError:
        return False
def writes(data):
    with open(data.decode(), "wb") as written:
        written.write(bytes(64 << 20))
    return b"written"
def knows(data):
    import json
    return json.__file__.encode()
"""


@pytest.fixture(autouse=True)
def readers(tmp_path, monkeypatch):
    folder = tmp_path / "readers"
    folder.mkdir()
    (folder / "readers_for_tests.py").write_text(READERS)
    monkeypatch.syspath_prepend(str(folder))


def read(function, data=b"x", **options):
    result, findings = run_guarded(f"readers_for_tests:{function}", data, name="a.xlsx", **options)
    assert (result is None) == bool(findings)
    assert all((finding.place.file, finding.level) == ("a.xlsx", "blocker") for finding in findings)
    return result if result is not None else findings[0].code


@pytest.mark.parametrize("trusted", [False, True])
def test_bytes_go_in_and_come_out(trusted):
    data = bytes(range(256)) * 10_000 + b"\n"
    assert read("echo", data, options={"prefix": "é "}, trusted=trusted) == "é ".encode() + data
    assert read("echo", b"", trusted=trusted) == b""


def test_the_process_is_another_one_unless_the_file_is_trusted():
    assert int(read("process")) != os.getpid()
    assert int(read("process", trusted=True)) == os.getpid()


@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize(
    ("function", "code"),
    [
        ("raises", "file-hostile"),
        ("text", "file-hostile"),
        ("needs", "guard-unavailable"),
        ("no_such_reader", "guard-unavailable"),
        ("eats", "limit-memory"),
    ],
)
def test_a_reader_that_fails_is_a_finding(function, code, trusted):
    assert read(function, trusted=trusted) == code


@posix
@pytest.mark.parametrize(
    ("function", "code"),
    [
        ("eats_slowly", "limit-memory"),
        ("runs_out_in_c", "limit-memory"),
        ("is_killed", "limit-memory"),
        ("aborts", "file-hostile"),
        ("faults", "file-hostile"),
        ("leaves", "file-hostile"),
        ("answers_nonsense", "file-hostile"),
        ("spins", "limit-time"),
    ],
)
def test_a_reader_that_ends_or_hangs_its_process_is_a_finding(function, code):
    assert read(function, memory=256 << 20, seconds=1) == code


def test_a_reader_that_only_waits_is_ended_by_the_clock(monkeypatch):
    monkeypatch.setattr("mne.ground.guard._STARTING", 0.5)
    assert read("sleeps", seconds=0.25) == "limit-time"


def test_what_a_library_prints_does_not_mix_with_the_answer():
    assert read("prints") == b"read"


@posix
def test_a_reader_cannot_fill_the_disk(tmp_path):
    assert read("writes", str(tmp_path / "full").encode()) == "file-hostile"
    assert (tmp_path / "full").stat().st_size <= 1 << 20


def test_one_process_serves_many_files_and_a_new_one_follows_one_that_died():
    with Guard() as guard:

        def ask(function):
            return guard.run(f"readers_for_tests:{function}", b"x", name="a")

        first, _ = ask("process")
        assert ask("raises")[1][0].code == "file-hostile"
        assert ask("process")[0] == first
        assert ask("aborts")[0] is None
        second, _ = ask("process")
        assert second != first
        assert ask("echo") == (b"x", ())
    with pytest.raises(ProcessLookupError):
        os.kill(int(second), 0)


@posix
def test_the_limits_begin_anew_with_each_file():
    with Guard(memory=256 << 20, seconds=30) as guard:
        for _ in range(3):
            result, _ = guard.run("readers_for_tests:echo", bytes(150 << 20), name="a")
            assert len(result) == 150 << 20
        assert guard.run("readers_for_tests:eats_slowly", b"", name="a")[1][0].code == "limit-memory"


@posix
def test_an_interrupted_question_leaves_no_answer_for_the_next(monkeypatch):
    with Guard() as guard:
        assert guard.run("readers_for_tests:echo", b"1", name="a")[0] == b"1"

        def interrupted(*_, **__):
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr("mne.ground.guard._exchanged", interrupted)
            with pytest.raises(KeyboardInterrupt):
                guard.run("readers_for_tests:echo", b"2", name="a")
        assert guard.run("readers_for_tests:echo", b"3", name="a")[0] == b"3"


def test_a_stopped_guard_ends_its_process_at_once_and_starts_none():
    with Guard(seconds=60) as guard:
        (answer, _) = guard.run("readers_for_tests:process", b"", name="f")
        thread = ThreadPoolExecutor(max_workers=1)
        asked = thread.submit(guard.run, "readers_for_tests:sleeps", b"", name="f")
        guard.stop()
        assert [each.code for each in asked.result(timeout=20)[1]] in (["limit-memory"], ["guard-unavailable"])
        thread.shutdown()
        with pytest.raises(ProcessLookupError):
            os.kill(int(answer), 0)
        (told,) = guard.run("readers_for_tests:echo", b"", name="f")[1]
        assert (told.code, told.params["reason"]) == ("guard-unavailable", "reading was stopped")


def test_a_module_that_lies_in_the_working_folder_is_not_taken_for_one_of_ours(tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit('taken')")
    monkeypatch.chdir(tmp_path)
    assert read("knows") == sys.modules["json"].__file__.encode()


def test_an_unguarded_script_is_not_run_again(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from mne.ground.guard import run_guarded\n"
        "print('once')\n"
        "print(run_guarded('base64:b64encode', b'x', name='a'))\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["once", "(b'eA==', ())"]


def test_no_interpreter_to_start_is_a_finding(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert read("echo") == "guard-unavailable"
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert read("echo") == "file-hostile"


@pytest.mark.parametrize("options", [{"a": b"x"}, {"a": object()}])
def test_options_that_json_cannot_carry_are_misuse(options):
    with pytest.raises(OptionError):
        read("echo", options=options)


@pytest.mark.parametrize("limits", [{"memory": 0}, {"seconds": 0}, {"seconds": -1.0}])
def test_limits_of_nothing_are_misuse(limits):
    with pytest.raises(OptionError):
        read("echo", **limits)


def test_a_trusted_reader_runs_without_limits_on_this_process():
    resource = pytest.importorskip("resource")
    before = [resource.getrlimit(each) for each in (resource.RLIMIT_CPU, resource.RLIMIT_CORE, resource.RLIMIT_FSIZE)]
    assert read("echo", trusted=True) == b"x"
    after = [resource.getrlimit(each) for each in (resource.RLIMIT_CPU, resource.RLIMIT_CORE, resource.RLIMIT_FSIZE)]
    assert after == before


def test_the_function_is_named_by_module_and_name():
    assert child.called("base64:b64encode")(b"x") == b"eA=="
    for name in ("base64", "base64:no_such", "no_such_module:x", "base64:MAXLINESIZE"):
        with pytest.raises(ImportError):
            child.called(name)


@posix
def test_a_killed_caller_leaves_no_process_behind():
    code = (
        "import os, signal\nfrom mne.ground.guard import Guard\nguard = Guard()\n"
        "guard.run('base64:b64encode', b'x', name='a')\nprint(guard._process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as caller:
        left = int(caller.stdout.readline())
        assert caller.wait() == -signal.SIGKILL
    for _ in range(100):
        try:
            os.kill(left, 0)
        except ProcessLookupError:
            return
        with open(f"/proc/{left}/stat") as told:  # noqa: PTH123
            if told.read().split()[2] == "Z":
                return
        subprocess.run(["sleep", "0.05"], check=True)
    raise AssertionError("the process apart outlived its caller")


@posix
def test_a_process_that_died_while_it_was_idle_is_replaced():
    with Guard() as guard:
        first, _ = guard.run("readers_for_tests:process", b"", name="a")
        os.kill(int(first), signal.SIGKILL)
        while guard._process.poll() is None:
            pass
        second, findings = guard.run("readers_for_tests:process", b"", name="a")
        assert (findings, second != first) == ((), True)


def test_a_process_that_says_why_it_cannot_begin_is_quoted(monkeypatch):
    monkeypatch.setattr(child, "__name__", "mne.ground.no_such_child")
    result, (finding,) = run_guarded("base64:b64encode", b"", name="a")
    assert (result, finding.code) == (None, "guard-unavailable")
    assert "no_such_child" in finding.params["reason"]
