"""What a schedule writes for systemd, cron and Windows: valid, quoted for any path, and ours
alone.
"""

import configparser
import dataclasses
import datetime
import shlex
import shutil
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.cli import schedule as scheduling
from helpers.clock import crontab, systemd, windows
from helpers.clock.schedule import (
    Schedule,
    calendar_of,
    checked,
    cron_of,
    next_after,
    read_cron,
    read_note,
)
from helpers.errors import ParameterError, SetupError

NASTY = "/srv/Vår \"mapp\" 5% $HOME 'x' \\%\\\\ #;"
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40)
OTHERS = b'# min egen\nMAILTO=""\n5 4 * * * /bin/true \\% 100%\n\n  # inte UTF-8: \xe5\n'


def _schedule(edition: str = "standard", **given) -> Schedule:
    usual = {
        "program": "/srv/bok/.venv/bin/mottagning",
        "out": NASTY,
        "data": NASTY,
        "cron": "0 6 * * 1",
    }
    usual |= {
        "calendar": "Mon *-*-* 06:00:00",
        "keep_logs": 12,
        "time_limit": 360,
        "on_failure": f"echo {NASTY}",
    }
    return Schedule(edition=edition, **{**usual, "options": ("--workers", "2"), **given})


def _as_cron_hands_over(command: str) -> str:
    """What cron gives to /bin/sh: the text up to the first bare %, and no backslash before a %."""
    for place, letter in enumerate(command):
        if letter == "%" and command[place - 1] != "\\":
            return command[:place].replace("\\%", "%")
    return command.replace("\\%", "%")


def _by_systemd(command: str) -> list[str]:
    """The words that systemd makes of an ExecStart: C escapes, then %% and $$."""
    # double quotes only: as systemd takes them but for what a backslash may stand before
    words = shlex.split(command)
    return [
        words[0].replace("%%", "%"),
        *(word.replace("%%", "%").replace("$$", "$") for word in words[1:]),
    ]


@given(WORDS)
def test_any_word_comes_through_cron_and_the_shell_as_it_was(word):
    handed = _as_cron_hands_over(f"printf {crontab.quoted(word)}")
    assert shlex.split(handed)[1:] == [word]


def test_the_shell_itself_reads_the_crontab_line_as_it_was_meant(tmp_path):
    program = tmp_path / "5% 'program'"
    program.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n", "utf-8")
    program.chmod(0o755)
    line = crontab.block(_schedule(program=str(program))).splitlines()[2]
    command = _as_cron_hands_over(line.removeprefix("0 6 * * 1 "))
    ran = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == _schedule().words[1:]


@given(WORDS)
def test_any_word_comes_through_systemd_as_it_was(word):
    assert _by_systemd(f'"/bin/echo" {systemd.quoted(word)}')[1:] == [word]


@pytest.fixture
def units() -> dict[str, configparser.ConfigParser]:
    """The units, read."""
    read = {}
    for name, text in systemd.texts(_schedule()).items():
        read[name] = configparser.ConfigParser(interpolation=None)
        read[name].optionxform = str
        read[name].read_string(text)
    return read


def test_the_units_start_the_runner_and_take_a_locked_folder_for_no_failure(units):
    service, timer = units["mottagning-standard.service"], units["mottagning-standard.timer"]
    assert _by_systemd(service["Service"]["ExecStart"]) == _schedule().words
    assert (service["Service"]["Type"], service["Service"]["SuccessExitStatus"]) == (
        "oneshot",
        "75",
    )
    assert (timer["Timer"]["OnCalendar"], timer["Timer"]["Persistent"]) == (
        "Mon *-*-* 06:00:00",
        "true",
    )


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on the PATH"
)
def test_systemd_finds_no_fault_in_the_units(tmp_path):
    for name, text in systemd.texts(_schedule(program="/bin/true")).items():
        (tmp_path / name).write_text(text, "utf-8")
    files = sorted(str(path) for path in tmp_path.iterdir())
    ran = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line for line in (ran.stdout + ran.stderr).splitlines() if "mottagning-" in line]
    assert told == []


@pytest.mark.parametrize(
    "text", [crontab.block(_schedule()), "\n".join(systemd.texts(_schedule()).values())]
)
def test_an_installed_text_tells_what_was_asked_for(text):
    assert [found for found in map(read_note, text.splitlines()) if found] == [_schedule()]


def test_installing_twice_leaves_one_line_and_every_other_byte():
    once = crontab.with_block(OTHERS, _schedule(cron="0 5 * * *"))
    twice = crontab.with_block(once, _schedule())
    assert twice == OTHERS + crontab.block(_schedule()).encode()
    assert crontab.without_block(twice, "standard") == OTHERS


def test_two_editions_have_a_line_each():
    both = crontab.with_block(crontab.with_block(OTHERS, _schedule()), _schedule("alla"))
    assert (
        crontab.without_block(both, "standard")
        == OTHERS + crontab.block(_schedule("alla")).encode()
    )


def test_a_crontab_without_a_last_line_end_is_given_one():
    assert crontab.with_block(b"# x", _schedule()).startswith(b"# x\n# >>> mottagning standard")


@pytest.mark.parametrize("kept", [[0], [3], [0, 3, 0, 3]])
def test_marks_that_are_no_pair_are_left_alone_and_told(kept):
    lines = crontab.block(_schedule()).splitlines()
    spoilt = "\n".join(lines[number] for number in kept).encode() + b"\n"
    with pytest.raises(SetupError, match="crontab -e"):
        crontab.with_block(spoilt, _schedule())


@pytest.mark.parametrize(
    ("cron", "has"),
    [
        ("0 6 * * 1", "ScheduleByWeek"),
        ("30 6 * * *", "ScheduleByDay"),
        ("0 6 1 */3 *", "ScheduleByMonth"),
    ],
)
def test_the_windows_task_is_xml_with_the_command_and_the_time(cron, has):
    text = windows.task(_schedule(on_failure=""), read_cron(cron), datetime.date(2026, 11, 22))
    root = ElementTree.fromstring(text.encode())
    names = {element.tag.removeprefix(f"{{{windows.SPACE}}}"): element for element in root.iter()}
    assert has in names
    assert names["Command"].text == _schedule().program
    assert names["Arguments"].text == subprocess.list2cmdline(_schedule(on_failure="").words[1:])
    assert names["StartBoundary"].text.startswith("2026-11-22T06:")


@pytest.mark.parametrize("cron", ["0,30 6 * * 1", "0 6 1 * 1", "0 6 * 1 1", "0 * * * *"])
def test_a_time_that_windows_cannot_say_is_refused(cron):
    with pytest.raises(ParameterError, match="Windows task"):
        windows.task(_schedule(), read_cron(cron), datetime.date(2026, 11, 22))


FIELDS = [field.name for field in dataclasses.fields(Schedule) if "str" in str(field.type)]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "hidden", ["\n", "\r", "\0", "\t", "\x1b[2J", "\x85", "\u2028", "\u202e", "\u200b", "\udce5"]
)
def test_a_line_break_or_a_hidden_character_is_refused_in_every_field(field, hidden):
    text = f"Mon 06:00{hidden}ExecStart=x"
    with pytest.raises(
        ParameterError, match=f"{field.replace('_', '-')}: found .* line break"
    ) as error:
        checked(_schedule(**{field: (text,) if field == "options" else text}))
    assert hidden not in str(error.value)


@pytest.mark.parametrize(
    "given", [{"on_calendar": "Mon 06:00\nExecStart=x"}, {"cron": "0 6 * *\n1"}]
)
def test_a_time_with_a_line_break_is_refused_before_it_is_read(given, tmp_path):
    call = _schedule(str(tmp_path / "prov.yaml"), program=sys.executable)
    (tmp_path / "prov.yaml").touch()
    with pytest.raises(ParameterError, match="line break"):
        scheduling.wanted(call, **{"on_calendar": None, "cron": None, **given})


@pytest.mark.parametrize(
    ("cron", "calendar"),
    [("0 6 * * 1", "Mon *-*-* 06:00:00"), ("0 6 * * 7", "Sun *-*-* 06:00:00"), ("*/30 6 1 jan-mar *",
      "*-01,02,03-01 06:00,30:00"), ("15 * * * *", "*-*-* *:15:00")],
)  # fmt: skip
def test_cron_is_said_as_systemd_says_it(cron, calendar):
    assert calendar_of(read_cron(cron)) == calendar


@pytest.mark.parametrize(
    "cron", ["", "0 6 * *", "60 6 * * 1", "0 6 0 * *", "0 6 * * mån", "5-1 * * * *", "*/0 * * * *"]
)
def test_what_is_no_cron_expression_is_refused(cron):
    with pytest.raises(ParameterError, match="--cron"):
        read_cron(cron)


@pytest.mark.parametrize(("calendar", "cron"), [
    ("Mon 06:00", "0 6 * * 1"), ("Sat..Mon 6:30", "30 6 * * 0,1,6"), ("05:15:00", "15 5 * * *"),
    ("weekly", "0 0 * * 1"), ("Mon 25:00", None), ("Foo 06:00", None), ("*:0/5", None),
])  # fmt: skip
def test_the_simple_times_of_systemd_are_said_as_cron_says_them(calendar, cron):
    found = cron_of(calendar)
    assert (found.text if found else None) == cron


@pytest.mark.parametrize(("cron", "after", "found"), [
    ("0 6 * * 1", "2026-11-22T07:00", "2026-11-23T06:00"),
    ("0 6 * * 1", "2026-11-23T06:00", "2026-11-30T06:00"),
    ("*/20 * * * *", "2026-12-31T23:50", "2027-01-01T00:00"),
    ("0 6 1 * 1", "2026-11-24T00:00", "2026-11-30T06:00"),
    ("0 6 29 2 *", "2096-03-01T00:00", "2104-02-29T06:00"),
    ("0 6 30 2 *", "2026-01-01T00:00", None),
])  # fmt: skip
def test_the_next_time_is_the_first_that_matches(cron, after, found):
    moment = next_after(read_cron(cron), datetime.datetime.fromisoformat(after))
    assert (moment.isoformat(timespec="minutes") if moment else None) == found


PARTS = ("*", "*/2", "*/3", "1", "1-5", "1,3", "0-6", "2-6/2", "0-7")
DAYS = ("*", "*/2", "*/31", "1", "1-31", "1,15", "10-20/5", "31")
MONTHS = ("*", "*/3", "1-12", "2", "jan-mar")


def _days_of(task: str, year: int) -> set[datetime.date]:
    """The days on which a Windows task runs, read from its XML as Windows reads it."""
    root = ElementTree.fromstring(task.encode())
    found = {tag.tag.removeprefix(f"{{{windows.SPACE}}}"): tag for tag in root.iter()}
    weekdays, months = (
        {tag.tag.partition("}")[2] for tag in found.get(name, ())}
        for name in ("DaysOfWeek", "Months")
    )
    days = (
        {int(tag.text) for tag in found["DaysOfMonth"]}
        if "DaysOfMonth" in found
        else set(range(1, 32))
    )
    whole = [datetime.date(year, 1, 1) + datetime.timedelta(days=ahead) for ahead in range(365)]
    return {
        day
        for day in whole
        if day.day in days
        and (not weekdays or windows.DAYS[day.isoweekday() % 7] in weekdays)
        and (not months or windows.MONTHS[day.month - 1] in months)
    }


def _task_or_refusal(cron) -> str:
    try:
        return windows.task(_schedule(on_failure=""), cron, datetime.date(2026, 1, 1))
    except ParameterError as refused:
        return str(refused)


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("weekday", PARTS)
def test_a_windows_task_runs_on_the_very_days_of_its_cron_line_or_is_refused(month, weekday):
    for day in DAYS:
        cron = read_cron(f"0 6 {day} {month} {weekday}")
        text = _task_or_refusal(cron)
        if text.startswith("--cron"):
            assert (cron.text in text, "Windows task" in text) == (True, True)
            continue
        year = [datetime.date(2026, 1, 1) + datetime.timedelta(days=ahead) for ahead in range(365)]
        assert _days_of(text, 2026) == {one for one in year if cron.on(one)}, cron.text


@pytest.mark.parametrize(
    ("cron", "has"), [("0 6 */2 * *", "ScheduleByMonth"), ("0 6 * * */2", "ScheduleByWeek")]
)
def test_steps_that_windows_can_say_are_said(cron, has):
    assert has in windows.task(_schedule(), read_cron(cron), datetime.date(2026, 11, 22))
