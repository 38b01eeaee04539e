"""Why a report was not delivered, by code: what happened and what to do, in Swedish and English."""

Reason = tuple[str, str]

_AGAIN = (
    "Kör utgåvan igen. Händer det igen, kör anteckningsboken i JupyterLab och se vilken cell som"
    " stannar."
)
_AGAIN_EN = (
    "Run the edition again. If it recurs, run the notebook in JupyterLab and see which cell stops."
)

REASONS: dict[str, tuple[Reason, Reason]] = {
    "KERNEL_DIED": (
        ("Beräkningen avbröts: programmet som kör anteckningsboken dog.", _AGAIN),
        ("The computation was cut off: the kernel that runs the notebook died.", _AGAIN_EN),
    ),
    "WORKER_DIED": (
        ("Beräkningen avbröts: processen som framställer rapporten dog.", _AGAIN),
        ("The computation was cut off: the process that makes the report died.", _AGAIN_EN),
    ),
    "MEMORY": (
        (
            "Rapporten tog mer minne än den får.",
            (
                "Se efter vilken cell som läser in eller skapar för mycket på en gång och dela upp"
                " den."
            ),
        ),
        (
            "The report took more memory than it may.",
            "Find the cell that reads or makes too much at once, and divide it.",
        ),
    ),
    "TIMEOUT": (
        (
            "En cell tog längre tid än den får.",
            "Kör igen när datorn är ledig, eller höj gränsen med --timeout.",
        ),
        (
            "A cell took longer than it may.",
            "Run again when the machine is idle, or raise the limit with --timeout.",
        ),
    ),
    "DEADLINE": (
        (
            "Rapporten tog längre tid än den får.",
            "Kör igen när datorn är ledig, eller höj gränsen med --timeout.",
        ),
        (
            "The report took longer than it may.",
            "Run again when the machine is idle, or raise the limit with --timeout.",
        ),
    ),
    "CELL_ERROR": (
        (
            "En cell i anteckningsboken gav ett fel.",
            (
                "Läs det tekniska meddelandet, rätta uppgiften eller cellen som det nämner och kör"
                " igen."
            ),
        ),
        (
            "A cell of the notebook raised an error.",
            "Read the technical message, mend the figure or the cell it names, and run again.",
        ),
    ),
    "INCOMPLETE": (
        (
            "Anteckningsboken kördes inte ända till slutet.",
            (
                "Öppna anteckningsboken och se till att alla celler körs och att den sista visar"
                " page.end()."
            ),
        ),
        (
            "The notebook did not run to its end.",
            (
                "Open the notebook; make sure that every cell runs and that the last one shows"
                " page.end()."
            ),
        ),
    ),
    "CHART_MISSING": (
        (
            "Rapporten saknar ett diagram eller en tabell som den lovar.",
            "Se efter vilket anrop som fallit bort ur anteckningsboken och lägg tillbaka det.",
        ),
        (
            "The report lacks a chart or a table that it promises.",
            "Find the call that has fallen out of the notebook and put it back.",
        ),
    ),
    "CONTRADICTION": (
        (
            "Rapporten anger samma uppgift med olika värden.",
            "Se efter vilka celler som räknar fram uppgiften och låt dem använda samma resultat.",
        ),
        (
            "The report states one figure with different values.",
            "Find the cells that compute the figure and let them use the same result.",
        ),
    ),
    "UNKNOWN_SOURCE": (
        (
            "Rapporten hänvisar till en källa som inte finns i källförteckningen.",
            "Lägg till källan i data/sources.toml eller rätta hänvisningen.",
        ),
        (
            "The report refers to a source that is not in the catalogue.",
            "Add the source to data/sources.toml or mend the reference.",
        ),
    ),
    "TOO_BIG": (
        (
            "Sidan är större än 2 megabyte.",
            "Ta bort utskrifter ur anteckningsboken eller minska antalet diagram.",
        ),
        (
            "The page is larger than 2 megabytes.",
            "Remove printing from the notebook or reduce the number of charts.",
        ),
    ),
    "GATE": (
        (
            "Sidan följer inte kraven på en publicerad sida.",
            "Läs det tekniska meddelandet; det nämner varje krav som sidan bryter mot.",
        ),
        (
            "The page does not meet the demands on a published page.",
            "Read the technical message; it names each demand that the page breaks.",
        ),
    ),
    "INTERNAL": (
        (
            "Framställningen av rapporten gick fel.",
            (
                "Kör utgåvan igen. Händer det igen är det ett fel i programmet: anmäl det med"
                " meddelandet."
            ),
        ),
        (
            "The making of the report went wrong.",
            (
                "Run the edition again. If it recurs it is a fault in the program: report it with"
                " the message."
            ),
        ),
    ),
}
