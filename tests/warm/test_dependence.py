"""Which cell is the first that hangs on a name: every way that code can say it, or look around for
it.
"""

import nbformat
import pytest

from helpers.warm.dependence import ALONE, depends, first_dependent

SAYS = {
    "read": "print(part)",
    "assignment": "part = 1",
    "augmented assignment": "part += 1",
    "annotation": "part: int = 1",
    "annotation alone": "other: part = 1",
    "deleted": "del part",
    "imported": "import part",
    "imported by another name": "from os import path as part",
    "imported from": "from part import path",
    "f-string": "f'{part!r:>{width}}'",
    "nested f-string": "f'{f\"{part}\"}'",
    "comprehension": "[x for x in xs if x == part]",
    "bound in a comprehension": "[part for part in xs]",
    "walrus": "(part := 3)",
    "function that reads it": "def f():\n    return part",
    "function that declares it global": "def f():\n    global part\n    part = 2",
    "function with such an argument": "def f(part): return 1",
    "default of an argument": "def f(x=part): return x",
    "lambda": "f = lambda: part",
    "decorator": "@part\ndef f(): pass",
    "base class": "class A(part): pass",
    "class body": "class A:\n    x = part",
    "loop": "for part in xs: pass",
    "with": "with open('x') as part: pass",
    "except": "try:\n    pass\nexcept OSError as part:\n    pass",
    "match": "match xs:\n    case [part]: pass",
    "rest of a match": "match xs:\n    case {**part}: pass",
    "mutation": "data.part = 1",
    "handed on by assignment": "data.other = part",
    "handed to a call": "data.update(part)",
    "keyword": "f(part=1)",
    "subscript": "xs[part] = 1",
    "query in a text": "table.query('antal > @part')",
    "asked for by name": "getattr(module, 'part')",
    "await": "await run(part)",
    "type": "x: 'part' = 1",
}
LOOKS = {
    "globals": "f(globals())",
    "locals": "'{x}'.format(**locals())",
    "vars": "vars()['x']",
    "dir": "[name for name in dir()]",
    "exec": "exec(code)",
    "eval": "eval('pa' + 'rt')",
    "main": "import __main__ as m",
    "main in a text": "import sys\nsys.modules['__main__']",
    "frames": "import inspect\ninspect.currentframe().f_globals",
    "shell": "!echo",
    "shell into a name": "x = !ls",
    "magic": "%who",
    "automagic": "whos",
    "automagic with an argument": "who int",
    "cell magic": "%%bash\necho",
    "help": "len?",
    "the shell itself": "get_ipython().run_line_magic('who', '')",
    "history": "In[2]",
    "history of a cell": "_i2",
    "broken": "1 +",
}
FREE = {
    "nothing": "",
    "comment": "x = 1  # part",
    "another name": "parts = apart + part_of + partly",
    "another name in a text": "print('parts')",
    "modulo": "a %b",
    "import": "from helpers import tables",
    "await": "await run()",
    "function": "def f(x: int = 1) -> int:\n    return [y for y in range(x)]",
    "results": "_, __, Out[2]",
    "a variable of a magic's name": "who = (1, 2)\nshow(*who)",
}


@pytest.mark.parametrize("name", SAYS)
def test_a_cell_that_says_the_name_depends_on_it(name):
    assert depends(SAYS[name], {"part"})
    assert not depends(SAYS[name].replace("part", "whole"), {"part"})


@pytest.mark.parametrize("name", LOOKS)
def test_a_cell_that_looks_around_may_depend_on_anything(name):
    assert depends(LOOKS[name], {"part"})


@pytest.mark.parametrize("name", FREE)
def test_a_cell_that_does_neither_is_free(name):
    assert not depends(FREE[name], {"part"})


def _cells(*sources: str, **tags: str) -> list[nbformat.NotebookNode]:
    made = [nbformat.v4.new_code_cell(source) for source in sources]
    for place, tag in tags.items():
        made[int(place[1:])].metadata["tags"] = [tag]
    return made


def test_the_first_cell_is_found_past_parameters_and_prose():
    cells = _cells(
        "part = None",
        "part = 1",
        "x = 1",
        "print(part)",
        "x",
        _0="parameters",
        _1="injected-parameters",
    )
    assert first_dependent(cells, {"part"}) == 3
    assert (
        first_dependent([*cells[:3], nbformat.v4.new_markdown_cell("part"), *cells[3:]], {"part"})
        == 4
    )


def test_where_no_cell_depends_all_are_shared():
    assert first_dependent(_cells("x = 1", "y = x"), {"part"}) == 2


def test_a_tag_keeps_a_cell_from_being_shared():
    assert first_dependent(_cells("x = 1", "y = x", "part", _1=ALONE), {"part"}) == 1
    assert first_dependent(_cells("part = 1", "x = 1", _0=ALONE), {"part"}) == 0
