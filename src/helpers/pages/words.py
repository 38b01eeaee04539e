"""The fixed words of pages, in Swedish and English. The words of what reports are about are handed
in.
"""

import re
from collections.abc import Mapping

from helpers.pages.reasons import REASONS
from helpers.report.manifest import Said, Terms

WORDS: dict[str, tuple[str, str]] = {
    "workbook": ("Mottagningsboken", "Mottagningsboken"),
    "scrolls": ("Tabellen går att rulla i sidled.", "The table scrolls sideways."),
    "skip": ("Hoppa till innehållet", "Skip to the content"),
    "all_reports": ("Alla rapporter", "All reports"),
    "document_": ("Hela rapporten", "The whole report"),
    "document_lagesbild": ("Lägesbild och beslut", "The situation and decisions"),
    "document_metod": ("Så är det räknat", "How it is worked out"),
    "document_kort": ("Sammanfattning att skriva ut", "Summary to print"),
    "method_lead": (
        (
            "Här står hur rapportens tal är räknade, vad de vilar på, vad som prövar dem och vad"
            " som kördes."
        ),
        (
            "Here is how the report's figures are worked out, what they rest on, what tests them"
            " and what was run."
        ),
    ),
    "more": ("Läs mer: {section}", "Read more: {section}"),
    "file.ics": ("Kalender (.ics)", "Calendar (.ics)"),
    "proof": ("Så är det räknat", "How it is worked out"),
    "proves": ("Hör till:", "Belongs to:"),
    "more_proofs": ("Se även:", "See also:"),
    "page": ("Sida", "Page"),
    "page_of": ("av", "of"),
    "other_documents": ("Rapportens delar", "Parts of the report"),
    "draft": ("Arbetsmaterial", "Working material"),
    "no_publisher": ("Utgivare är inte angiven.", "The publisher is not given."),
    "publisher": ("Utgivare", "Publisher"),
    "issue": ("Utgåva", "Edition"),
    "period": ("Gäller", "Covers"),
    "contact": ("Kontakt", "Contact"),
    "next_issue": ("Nästa utgåva", "Next edition"),
    "corrections": ("Rättelser", "Corrections"),
    "made_how": ("Hur sidan är gjord", "How this page was made"),
    "contents": ("Innehåll", "Contents"),
    "code": ("Koden bakom rapporten", "The code behind this report"),
    "code_intro": (
        "Rapporten räknas fram av cellerna nedan, i den här ordningen.",
        "The report is computed by the cells below, in this order.",
    ),
    "show_code": ("Visa koden", "Show the code"),
    "cell": ("Cell {number}", "Cell {number}"),
    "about": ("Om rapportens framställning", "How this report was made"),
    "about_edition": ("Om utgåvans framställning", "How this edition was made"),
    "made_from": (
        "Samma uppgifter, kod och val ger alltid samma rapport, tecken för tecken.",
        "The same data, code and choices always give the same report, character by character.",
    ),
    "show_manifest": ("Visa indata, val och versioner", "Show inputs, choices and versions"),
    "edition": ("Utgåva", "Edition"),
    "code_version": ("Kodens version", "Code version"),
    "parameters": ("Val i rapporten", "Choices in this report"),
    "edition_choices": ("Utgåvans val", "The edition's choices"),
    "choice": ("Val", "Choice"),
    "value": ("Värde", "Value"),
    "inputs": ("Indata", "Inputs"),
    "table": ("Tabell", "Table"),
    "checksum": ("Kontrollsumma (sha256, början)", "Checksum (sha256, beginning)"),
    "checksums_in": ("Tabellernas kontrollsummor står i", "The checksums of the tables are in"),
    "checksums_list": ("utgåvans förteckning över indata", "the edition's list of inputs"),
    "versions": ("Programversioner", "Package versions"),
    "package": ("Program", "Package"),
    "version": ("Version", "Version"),
    "numbers": ("Rapportens siffror som JSON", "The report's figures as JSON"),
    "widget": (
        "Reglagen fungerar i JupyterLab; här visas läget med rapportens egna värden.",
        "The controls work in JupyterLab; shown here is the state with the report's own values.",
    ),
    "none": ("–", "–"),
    "group_overviews": ("Översikter", "Overviews"),
    "index_lead": (
        "{delivered} av {n} rapport är klar.|{delivered} av {n} rapporter är klara.",
        "{delivered} of {n} report is ready.|{delivered} of {n} reports are ready.",
    ),
    "index_whole": (
        "Utgåvan har {n} rapport.|Utgåvan har {n} rapporter.",
        "The edition has {n} report.|The edition has {n} reports.",
    ),
    "index_state": ("{state}: {names}.", "{state}: {names}."),
    "index_failed": ("Kunde inte tas fram: {names}.", "Could not be made: {names}."),
    "failed": ("Kunde inte tas fram", "Could not be made"),
    "failed_lead": (
        (
            "Den här rapporten kunde inte tas fram. Inga siffror visas, så att ingen läser en halv"
            " rapport."
        ),
        "This report could not be made. No figures are shown, so that no one reads half a report.",
    ),
    "what": ("Vad som hände", "What happened"),
    "where_cell": (
        "Det hände i anteckningsbokens kodcell {number}.",
        "It happened in the notebook's code cell {number}.",
    ),
    "where": ("Var", "Where"),
    "what_to_do": ("Vad du kan göra", "What you can do"),
    "technical": ("Tekniskt meddelande", "Technical message"),
    "show_technical": ("Visa meddelandet", "Show the message"),
    "log": ("Det sista som anteckningsboken skrev", "The last that the notebook printed"),
    "log_none": ("Anteckningsboken skrev inget.", "The notebook printed nothing."),
    "reason_code": ("Orsakskod", "Reason code"),
    "changes": ("Ändringar sedan förra utgåvan", "Changes since the edition before"),
    "changes_none_before": (
        "Det finns ingen tidigare utgåva att jämföra med, så inga ändringar kan visas.",
        "There is no earlier edition to compare with, so no changes can be shown.",
    ),
    "changes_nothing": (
        (
            "Inget har ändrats: {same} är lika, siffra för siffra, och uppgifter, val och kod är"
            " desamma."
        ),
        (
            "Nothing has changed: {same}, the same figure for figure; data, choices and code are as"
            " before."
        ),
    ),
    "changes_not_compared": (
        (
            "Förra utgåvan gjordes med andra val ({names}). Ingen rapport har samma val i båda, så"
            " siffrorna jämförs inte."
        ),
        (
            "The edition before was made with other choices ({names}). "
            "No report has the same choices in both, so the figures are not compared."
        ),
    ),
    "changes_same": (
        "Inga siffror har ändrats. Lika, siffra för siffra: {same}.",
        "No figures have changed. The same, figure for figure: {same}.",
    ),
    "changes_some": (
        "{figures} i {changed} har ändrats. Lika, siffra för siffra: {same}.",
        "{figures} in {changed} changed. The same, figure for figure: {same}.",
    ),
    "n_figures": ("{n} uppgift|{n} uppgifter", "{n} figure|{n} figures"),
    "n_reports": ("{n} rapport|{n} rapporter", "{n} report|{n} reports"),
    "changes_choices": (
        "Utgåvans val är andra än förra gången: {names}. Bara rapporter med samma val är jämförda.",
        (
            "The edition's choices are others than last time: {names}. Only reports with the same"
            " choices are compared."
        ),
    ),
    "cause_data": ("Ändrade uppgifter i källorna", "Changed data in the sources"),
    "cause_data_said": (
        "En källa är ny, rättad eller borttagen.",
        "A source is new, corrected or gone.",
    ),
    "cause_method": ("Ändrad metod", "Changed method"),
    "cause_method_said": (
        "Reglerna som talen är räknade efter är andra än förra gången.",
        "The rules that the figures are computed by are others than last time.",
    ),
    "cause_code": ("Ändrat program", "Changed program"),
    "cause_code_said": (
        "Programmet som gör rapporterna är ett annat än förra gången.",
        "The program that makes the reports is another than last time.",
    ),
    "cause_some": (
        "Det har ändrat {figures} i {reports}.",
        "That has changed {figures} in {reports}.",
    ),
    "cause_none": (
        "Inget tal i rapporterna har ändrats av det.",
        "No figure in the reports has changed by that.",
    ),
    "changed_since": ("Ändrat sedan förra utgåvan", "Changed since the edition before"),
    "changed_one": (
        "Ändrat sedan förra utgåvan: {figures}, {causes}. {first}.",
        "Changed since the edition before: {figures}, {causes}. {first}.",
    ),
    "changed_some": (
        "Ändrat sedan förra utgåvan: {figures}, {causes}. Först: {first}.",
        "Changed since the edition before: {figures}, {causes}. First: {first}.",
    ),
    "changed_all": ("Visa alla ändringar", "Show every change"),
    "by_data": ("efter ändringar i källorna", "after changes in the sources"),
    "by_method": ("efter ändrad metod", "after a change of method"),
    "by_code": ("efter ändrat program", "after a change of program"),
    "changes_reports": ("Rapporter som inte är jämförda", "Reports not compared"),
    "changes_more": (
        (
            "Här visas {shown} av rapportens {n} ändring; alla finns i|"
            "Här visas {shown} av rapportens {n} ändringar; alla finns i"
        ),
        (
            "Shown are {shown} of the report's {n} change; all are in|"
            "Shown are {shown} of the report's {n} changes; all are in"
        ),
    ),
    "changes_json": ("Alla ändringar som JSON", "All changes as JSON"),
    "changes_of": ("{cause}: {title}", "{cause}: {title}"),
    "what_figure": ("Uppgift", "Figure"),
    "about_what": ("För", "For"),
    "was": ("Förut", "Before"),
    "now": ("Nu", "Now"),
    "difference": ("Skillnad", "Difference"),
    "report": ("Rapport", "Report"),
    "why": ("Varför", "Why"),
    "not_there": ("fanns inte", "was not there"),
    "not_there_now": ("finns inte", "is not there"),
    "kind_added": ("ny", "new"),
    "kind_removed": ("borttagen", "removed"),
    "kind_changed": ("ändrad", "changed"),
    "change": ("Ändring", "Change"),
    "outcome_added": ("Ny i utgåvan", "New in the edition"),
    "outcome_removed": ("Ingår inte längre", "No longer part of the edition"),
    "outcome_other_choices": ("Gjord med andra val", "Made with other choices"),
    "outcome_failed": ("Kunde inte tas fram den här gången", "Could not be made this time"),
    "outcome_was_failed": (
        "Fanns inte att läsa i förra utgåvan",
        "Could not be read in the edition before",
    ),
}
LANGUAGES = ("sv", "en")


class Wording:
    """The page's words in one language: its own, and the terms of what reports are about.

    >>> Wording("sv").say("cell", number=3)
    'Cell 3'
    """

    def __init__(self, language: str, terms: Terms | None = None) -> None:
        self.language = language if language in LANGUAGES else "sv"
        self.terms = terms or Terms()
        self.column = LANGUAGES.index(self.language)

    def say(self, key: str, **values: object) -> str:
        """Return a text with its values filled in."""
        return WORDS[key][self.column].format(**values)

    def count(self, key: str, number: int, **values: object) -> str:
        """Return how many of something, in the singular or the plural: both stand in its text, with
        "|" between.

        >>> Wording("sv").count("n_reports", 1), Wording("sv").count("n_figures", 1500)
        ('1 rapport', '1\\xa0500 uppgifter')
        """
        one, many = self.say(key, n=self._grouped(number), **values).split("|")
        return one if number == 1 else many

    def _grouped(self, number: int) -> str:
        return f"{number:,}".replace(",", "\u00a0") if self.language == "sv" else f"{number:,}"

    def document(self, name: str) -> str:
        """Return what a document of a report is called; "" is the report itself.

        >>> Wording("sv").document("metod")
        'Så är det räknat'
        """
        return self.say(f"document_{name}")

    def parameter(self, name: str) -> str:
        """Return a parameter's name as a reader says it; an unknown name as it is."""
        return self.terms.parameters.get(name, (name, name))[self.column]

    def states(self, status: Mapping[str, bool]) -> list[tuple[str, bool]]:
        """Return what a report's status says, in the order of the terms: (text, whether it holds).

        >>> done = Terms(states={"done": (("Klar", "Done"), ("Inte klar", "Not done"))})
        >>> Wording("en", done).states({"done": False, "unnamed": True})
        [('Not done', False)]
        """
        return [
            (said[0 if status[name] else 1][self.column], status[name])
            for name, said in self.terms.states.items()
            if name in status
        ]

    def reason(self, code: str) -> tuple[str, str]:
        """Return what a reason code means and what to do about it."""
        return REASONS.get(code, REASONS["INTERNAL"])[self.column]

    def place(self, where: str) -> str:
        """Return in a sentence where a report failed, if that is a cell; else nothing.

        >>> Wording("sv").place("code cell 5 of 7"), Wording("sv").place("the page")
        ('Det hände i anteckningsbokens kodcell 5.', '')
        """
        found = re.match(r"code cell ([0-9]+)", where)
        return self.say("where_cell", number=found[1]) if found else ""

    def choice(self, name: str, value: object) -> str:
        """Return a parameter's value as a reader writes it.

        >>> words = Wording("sv", Terms(grouped=frozenset({"numbers"})))
        >>> words.choice("numbers", [1500, 2300]), words.choice("year", 2018)
        ('1\\xa0500; 2\\xa0300', '2018')
        """
        if value is None or value == []:
            return self.say("none")
        if isinstance(value, list):
            return "; ".join(self.choice(name, part) for part in value)
        if isinstance(value, dict):
            return "; ".join(
                f"{self.parameter(key)} {self.choice(key, part)}" for key, part in value.items()
            )
        if name in self.terms.grouped and isinstance(value, int):
            return self._grouped(value)
        plain: Said = (str(value), str(value))
        return self.terms.values.get((name, str(value)), plain)[self.column]
