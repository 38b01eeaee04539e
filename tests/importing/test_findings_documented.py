"""docs/data.md lists every finding by its code, and the corpus renders them from files."""

import re
from pathlib import Path

from . import corpus, corpus_months, corpus_more, corpus_untrue

ROOT = Path(__file__).parents[2]
ROWS = re.compile(r"^\| `([a-z0-9_]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
CALL = re.compile(
    r"(?:refuse|warn|tell|Finding|CellError|RefusedFileError|_failed|_refused|_at)"
    r'\(\s*\(?"([a-z0-9_]+)"'
)
NETWORK = {"kolada.py", "pxweb.py", "fetched.py", "answers.py", "agreement.py"}
ALL = [
    case
    for module in (corpus, corpus_months, corpus_more, corpus_untrue)
    for case in (*module.REFUSED, *module.WARNED)
]
# what a corpus of single small files cannot show: tests of the extract, of limits and of commands do
ELSEWHERE = {
    "ar", "manad", "kon", "for_lang", "for_manga_varden", "ej_antal", "teckenkodning", "radbredd",
    "utan_rader", "summa_bland_delar", "radslut", "tomt_antal", "dubbel_i_anropet", "samma_fil",
    "manader_forsvinner", "uppgifter_forsvinner", "uppgifter_ersatts", "laddas_inte", "fler",
    "for_langsam", "olasbar", "summa_godtagen",
}  # fmt: skip


def _documented() -> dict[str, tuple[str, str]]:
    section = (ROOT / "docs/data.md").read_text("utf-8").split("### What is refused")[1]
    section = section.split("### What an import held")[0]
    return {code: (example, step) for code, example, step in ROWS.findall(section)}


def test_every_code_that_import_uses_is_documented_with_an_example_and_what_to_do():
    folders = (ROOT / "src/helpers/imports", ROOT / "src/helpers/sources/files")
    files = [path for folder in folders for path in folder.glob("*.py") if path.name not in NETWORK]
    used = {code for path in files for code in CALL.findall(path.read_text("utf-8"))} - {
        "nul",
        "tal",
    }
    assert used <= set(_documented()), sorted(used - set(_documented()))


def test_every_documented_finding_is_rendered_from_a_file_by_a_test():
    rendered = {case.code for case in ALL} | ELSEWHERE
    assert set(_documented()) <= rendered, sorted(set(_documented()) - rendered)
