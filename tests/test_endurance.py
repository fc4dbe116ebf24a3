"""The short forms of tests.endurance: killed while writing, many writers at once."""

from tests.endurance.kills import killed_imports, killed_logs
from tests.endurance.writers import writers


def test_an_import_killed_at_any_moment_is_there_whole_or_not_at_all_and_completes_when_run_again() -> None:
    assert killed_imports(2, 3_000).findings == ()


def test_what_was_acknowledged_before_a_kill_is_there_after_it() -> None:
    assert killed_logs(2).findings == ()


def test_many_writers_an_import_and_a_reader_at_once_lose_nothing_and_meet_no_error() -> None:
    assert writers(6, 1, 500, 1).findings == ()
