"""The index of an edition: every report, what became of it, and its answer in one sentence."""

from dataclasses import dataclass
from itertools import groupby

from helpers.pages.layout import index_page
from helpers.pages.words import Wording
from helpers.report.job import Job, Result
from helpers.report.manifest import Frame


@dataclass(frozen=True)
class Entry:
    """One report in the index; `states` are its badges, each with whether it is a good one."""

    address: str
    name: str
    answer: str
    states: list[tuple[str, bool]]
    failure: str


def make_index(
    title: str, language: str, jobs: list[Job], results: list[Result], frame: Frame
) -> str:
    """Return the index page of an edition, reports grouped as the jobs are."""
    words = Wording(language, frame.terms)
    pairs = list(zip(jobs, results, strict=True))
    groups = [
        (group, [_entry(job, result, words) for job, result in members])
        for group, members in groupby(pairs, key=lambda pair: pair[0].group)
    ]
    failed = [job.name for job, result in pairs if result.failure]
    delivered = len(pairs) - len(failed)
    return index_page(
        language,
        frame,
        title=title,
        groups=groups,
        lead=words.count("index_lead", len(pairs), delivered=delivered),
        failed=words.say("index_failed", names=", ".join(failed)) if failed else "",
    )


def _entry(job: Job, result: Result, words: Wording) -> Entry:
    return Entry(
        address=f"{job.id}.html",
        name=job.name or result.title,
        answer=result.answer,
        states=words.states(result.status),
        failure=words.reason(result.failure.code)[0] if result.failure else "",
    )
