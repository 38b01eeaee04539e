"""Every file of the corpus gets its verdict, with words an analyst can act on, and within its
limits.
"""

import pytest

from helpers.imports.judging import Asked, judge
from helpers.sources.files.child import read_apart, read_bytes
from tests.patience import PATIENCE

from . import corpus, corpus_months, corpus_more, corpus_untrue

REFUSED = [*corpus.REFUSED, *corpus_months.REFUSED, *corpus_more.REFUSED, *corpus_untrue.REFUSED]
WARNED = [*corpus.WARNED, *corpus_months.WARNED, *corpus_more.WARNED, *corpus_untrue.WARNED]


def _judged(case, sound, workbook):
    return judge(read_bytes(case.name, case.build(sound)), workbook, Asked(case.lan, case.ar))


def _told(judged):
    return "\n".join(f"{one.code}: {one.where}: {one.says}" for one in judged.findings)


def test_the_corpus_has_at_least_sixty_different_bad_files(sound):
    bad = {case.build(sound) for case in REFUSED}
    assert len(bad) >= 60
    assert len({case.code for case in REFUSED}) >= 45


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.id)
def test_a_bad_file_is_refused_and_told_why(case, sound, workbook):
    judged = _judged(case, sound, workbook)
    assert judged.verdict == "Avvisas"
    assert judged.tables == []
    reasons = [one for one in judged.findings if one.code == case.code and one.level == "avvisas"]
    assert reasons, _told(judged)
    assert any(case.says in one.says for one in reasons), _told(judged)


@pytest.mark.parametrize("case", WARNED, ids=lambda case: case.id)
def test_an_odd_file_is_read_and_says_what_was_done(case, sound, workbook):
    judged = _judged(case, sound, workbook)
    assert judged.verdict == "Godtas med varning", _told(judged)
    assert judged.tables
    assert any(one.code == case.code and case.says in one.says for one in judged.findings), _told(
        judged
    )


APART = [*corpus.STRANGERS, *corpus.WORKBOOKS]


@pytest.mark.parametrize("case", APART, ids=lambda case: case.id)
def test_a_dangerous_file_is_refused_in_the_limited_child_before_it_costs(
    case, sound, workbook, stand_in, tmp_path
):
    """For its own reason, that is: where its time or its memory had run out, it would be refused
    for that.
    """
    stand_in(f"from helpers.sources.files import child\nchild.COMPUTING = {PATIENCE}\nchild.main()")
    path = tmp_path / case.name
    path.write_bytes(case.build(sound))
    judged = judge(read_apart(path, PATIENCE), workbook, Asked(case.lan, case.ar))
    assert any(one.code == case.code and one.level == "avvisas" for one in judged.findings), _told(
        judged
    )
