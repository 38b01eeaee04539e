"""Notebooks made to be hard, each a few cells, and what is known to differ from a kernel."""

KINDS: dict[str, dict[str, tuple[str, ...]]] = {
    "results": {
        "an expression": ("1 + 1",),
        "silenced": ("1 + 1;", "_"),
        "a comment behind a semicolon": ("1; # still silent", "2 # shown"),
        "the last of several": ("1\n2\n3",),
        "an assignment": ("a = 1", "a"),
        "an annotation": ("a: int = 3\na",),
        "underscores": ("1", "2", "3", "_, __, ___", "_1, Out[2]"),
        "none": ("None", "[None]"),
        "long": ("list(range(1200))",),
        "deep": ("x = []\nx.append(x)\nx",),
        "unicode": ("'å\\u00a0ä 😀'", "print('å😀')"),
        "a lambda": ("f = lambda: 1\ntype(f).__name__",),
        "every expression": (
            "from IPython.core.interactiveshell import InteractiveShell\n"
            "InteractiveShell.ast_node_interactivity = 'all'",
            "1\n2",
        ),
        "a walrus and a match": ("(n := 4)", "match n:\n    case 4: print('fyra')"),
        "a set": ("{3, 1, 2}", "frozenset('a')"),
        "a class": ("class A:\n    'doc'\nA.__doc__, A",),
        "bytes": ("b'\\xff'", "bytearray(b'a')"),
        "future flags": (
            "from __future__ import annotations",
            "def f(x: y): pass\nf.__annotations__",
        ),
    },
    "displays": {
        "html": ("from IPython.display import HTML\nHTML('<b>å</b>')",),
        "several": ("display(1, 'två', [3])",),
        "many": ("for i in range(300): display(i)",),
        "markdown and latex": (
            "from IPython.display import Latex, Markdown\ndisplay(Markdown('**a**'), Latex('$x$'))",
        ),
        "raw data": ("display({'text/plain': 'a', 'application/json': {'b': [1]}}, raw=True)",),
        "an image": (
            "from IPython.display import Image\nimport base64\n"
            "Image(base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='))",
        ),
        "svg and javascript": (
            "from IPython.display import SVG, Javascript\n"
            "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'), Javascript('1'))",
        ),
        "an update": (
            "h = display('a', display_id='x')",
            "h.update('b')",
            "display('c', display_id='x')",
        ),
        "cleared": (
            "from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')",
        ),
        "cleared when more comes": (
            "from IPython.display import clear_output\nprint('a')\nclear_output(wait=True)\nprint('b')",
        ),
        "its own method": ("class A:\n    def _ipython_display_(self): print('själv')\nA()",),
        "a repr that fails": (
            "class A:\n    def __repr__(self): raise ValueError('nej')\nA()",
            "print('on')",
        ),
        "a repr that prints": (
            "class A:\n    def __repr__(self):\n        print('p')\n        return 'r'\nA()",
        ),
        "a bundle": (
            "class A:\n    def _repr_mimebundle_(self, **k): return {'text/plain': 'p', 'text/html': '<i>h</i>'}\nA()",
        ),
        "metadata": ("display({'text/plain': 'a'}, raw=True, metadata={'b': 1})",),
        "a formatter": (
            "get_ipython().display_formatter.formatters['text/plain'].for_type(int, lambda v, p, c: p.text(f'<{v}>'))\n3",
        ),
        "a frame": ("import pandas as pd\npd.DataFrame({'a': [1, None]}, index=['å', 'ä'])",),
        "a series": ("import pandas as pd\npd.Series([1.5, 2.5], name='x')",),
        "an array": ("import numpy as np\nnp.arange(12).reshape(3, 4)",),
        "a figure": ("import matplotlib.pyplot as plt\nplt.plot([1, 2]);",),
        "two figures": ("import matplotlib.pyplot as plt\nplt.figure(); plt.figure();",),
        "a figure shown midway": (
            "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\nprint('efter')",
        ),
    },
    "streams": {
        "both": ("import sys\nprint('ut')\nprint('fel', file=sys.stderr)\nprint('ut')",),
        "errors first": (
            "import sys\nprint('fel', file=sys.stderr)\nprint('ut')",
            "import logging\nlogging.error('fel')\nprint('ut')\ndisplay('visat')\nprint('slut')",
        ),
        "flushed": ("print('a', flush=True)\nprint('b', flush=True)",),
        "no line end": ("print('a', end='')", "print('b')"),
        "carriage returns": ("print('10 %', end='\\r')\nprint('99 %')",),
        "by its descriptor": ("import os\n_ = os.write(1, b'rakt\\n')",),
        "half a letter by its descriptor": ("import os\n_ = os.write(1, 'å'.encode()[:1])",),
        "bytes": ("import sys\nhasattr(sys.stdout, 'buffer')",),
        "lines": ("import sys\nsys.stdout.writelines(['a\\n', 'b\\n'])",),
        "not a text": ("import sys\nsys.stdout.write(1)",),
        "redirected": (
            "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as s: print('in')\ns.getvalue()",
        ),
        "captured": ("%%capture kept\nprint('in')", "kept.stdout"),
        "around a display": ("print('a')\ndisplay('b')\nprint('c')",),
        "half an emoji": ("print('\\ud83d')", "print('on')"),
        "logged": ("import logging\nlogging.warning('se upp')",),
        "a warning": ("import warnings\nwarnings.warn('se upp')",),
        "a syntax warning": ("'\\d' is 1",),
        "much": ("print('x' * 300_000)",),
        "many": ("for i in range(300): print(i)",),
        "rich": ("from rich import print as show\nshow('[b]a[/b]')",),
    },
    "processes": {
        "a child between prints": (
            "import subprocess\nprint('1', flush=True)\n_ = subprocess.run(['echo', '2'])\nprint('3')",
        ),
        "a child's errors": ("import subprocess\n_ = subprocess.run('echo fel >&2', shell=True)",),
        "the shell": ("!echo ett; echo två",),
        "the shell into a name": ("a = !printf '1\\n2'\na",),
        "bash": ("%%bash\necho hej",),
        "bash that fails": ("%%bash\nexit 3", "print('efter')"),
        "reopened output": ("import os\n_ = os.system('echo 1; echo 2 > /dev/stdout; echo 3')",),
        "output added to": ("import os\n_ = os.system('echo 1; echo 2 >> /dev/stdout; echo 3')",),
        "a child's errors before a print": (
            "import subprocess\n_ = subprocess.run('echo fel >&2', shell=True)\nprint('ut')",
        ),
        "input of a child": (
            "import subprocess\nsubprocess.run(['cat'], stdin=subprocess.DEVNULL).returncode",
        ),
        "forked": (
            "import os\npid = os.fork()\nif not pid: os._exit(3)\nos.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])",
        ),
        "a pool": (
            "import multiprocessing as mp\nwith mp.get_context('fork').Pool(2) as pool: found = pool.map(abs, [-1, 2])\nfound",
        ),
        "spawned with a module beside": (
            "%%writefile beside.py\ndef square(x): return x * x",
            "import beside, multiprocessing as mp\n"
            "with mp.get_context('spawn').Pool(1) as pool: found = pool.map(beside.square, [2, 3])\nfound",
        ),
        "threads in executors": (
            "from concurrent.futures import ThreadPoolExecutor\n"
            "with ThreadPoolExecutor(2) as pool: found = list(pool.map(abs, [-1, 2]))\nfound",
        ),
    },
    "errors": {
        "raised": ("1 / 0", "print('efter')"),
        "in a function": ("def f():\n    raise ValueError('3,5')\nf()",),
        "of another cell": ("def f(): return {}['a']", "f()"),
        "chained": (
            "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise KeyError('a') from e",
        ),
        "a group": ("raise ExceptionGroup('g', [ValueError(1), TypeError(2)])",),
        "syntax": ("1 +",),
        "indentation": ("  a = 1\n b = 2",),
        "a name": ("finns_inte",),
        "asserted": ("assert 1 == 2, 'nej'",),
        "its text fails": (
            "class E(Exception):\n    def __str__(self): raise ValueError\nraise E",
        ),
        "an own handler": (
            "get_ipython().set_custom_exc((ValueError,), lambda s, t, v, tb, tb_offset=None: print('tog', v))",
            "raise ValueError('x')",
            "print('efter')",
        ),
        "context": ("%xmode Minimal", "1 / 0"),
        "unraisable": (
            "class A:\n    def __del__(self): raise ValueError('sist')\na = A()\ndel a",
        ),
        "left by exit": ("exit()", "print('efter')"),
        "left by sys.exit": ("import sys\nsys.exit()", "print('efter')"),
        "left with a code": ("import sys\nsys.exit(3)", "print('efter')"),
        "no input": ("input('q')",),
        "no password": ("import getpass\ngetpass.getpass('q')",),
        "null byte": ("compile('a\\0', 'x', 'exec')",),
    },
    "magics": {
        "where": ("import os\nos.path.isdir(get_ipython().run_line_magic('pwd', ''))",),
        "changed folder": (
            "%mkdir under\n%cd -q under",
            "import os\nos.path.basename(os.getcwd())",
        ),
        "timed": ("1 + 1;", "x = %timeit -n1 -r1 -o -q 1\ntype(x).__name__"),
        "a file written": ("%%writefile a.txt\nhej", "open('a.txt').read()"),
        "run": ("%%writefile b.py\nc = 5", "%run b.py", "c"),
        "environment": ("%env PROV=1", "import os\nos.environ['PROV']"),
        "who": ("a = 1\nb = 'x'", "%who_ls int"),
        "stored": ("%store",),
        "one's own": (
            "from IPython.core.magic import register_line_magic\n@register_line_magic\ndef prov(line): return line.upper()",
            "%prov hej",
        ),
        "an unknown one": ("%finnsinte",),
        "reset": ("a = 1", "%reset -f", "'a' in dir()"),
        "html cell": ("%%html\n<b>a</b>",),
        "help": ("len?", "print('on')"),
        "autoawait": ("%autoawait", "1"),
        "a transformer": (
            "get_ipython().input_transformers_cleanup.append(lambda lines: [l.replace('ETT', '1') for l in lines])",
            "ETT + 1",
        ),
        "an event": (
            "get_ipython().events.register('post_run_cell', lambda r: print('cellen är klar'))",
            "1",
        ),
        "pylab": ("%pylab --no-import-all",),
        "macro": ("print('m')", "%macro -q m 1", "m"),
    },
    "async": {
        "awaited": ("import asyncio\nawait asyncio.sleep(0, 'klar')",),
        "gathered": (
            "import asyncio\nawait asyncio.gather(*(asyncio.sleep(0, i) for i in range(3)))",
        ),
        "a task over cells": (
            "import asyncio\ntask = asyncio.create_task(asyncio.sleep(0.01, 'klar'))",
            "await task",
        ),
        "run in a running loop": ("import asyncio\nasyncio.run(asyncio.sleep(0))",),
        "a loop that runs": ("import asyncio\nasyncio.get_running_loop().is_running()",),
        "to a thread": ("import asyncio\nawait asyncio.to_thread(abs, -1)",),
        "over its time": ("import asyncio\nawait asyncio.wait_for(asyncio.sleep(99999), 0.01)",),
        "a child": (
            "import asyncio\np = await asyncio.create_subprocess_exec('echo', 'a', stdout=-1)\n(await p.communicate())[0]",
        ),
        "with and for": (
            "class A:\n    async def __aenter__(self): return 1\n    async def __aexit__(self, *_): pass\n"
            "async with A() as a: print(a)",
        ),
        "a server over cells": (
            "import asyncio\nasync def answer(r, w):\n    w.write(b'x')\n    w.close()\n"
            "server = await asyncio.start_server(answer, '127.0.0.1', 0)\nport = server.sockets[0].getsockname()[1]",
            "import socket\ndef ask():\n    with socket.create_connection(('127.0.0.1', port)) as s: return s.recv(9)\n"
            "await asyncio.to_thread(ask)",
        ),
    },
    "threads and signals": {
        "joined": (
            "import threading\nt = threading.Thread(target=print, args=('t',))\nt.start()\nt.join()",
        ),
        "main": ("import threading\nthreading.current_thread() is threading.main_thread()",),
        "its error": (
            "import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start()\nt.join()",
        ),
        "left alone": (
            "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()",
            "1",
        ),
        "an own timer over cells": (
            "import signal\nfound = []\n_ = signal.signal(signal.SIGALRM, lambda *_: found.append(1))\n"
            "_ = signal.setitimer(signal.ITIMER_REAL, 0.2)",
            "import time\nwhile not found: time.sleep(0.02)\nfound",
        ),
        "an own timer": (
            "import signal\n_ = signal.signal(signal.SIGALRM, lambda *_: print('ring'))\nsignal.alarm(1)\nsignal.pause()",
        ),
        "interrupted": ("import os, signal\nos.kill(os.getpid(), signal.SIGINT)", "print('efter')"),
    },
    "process": {
        "garbage": ("import gc\ngc.isenabled()",),
        "path": ("import sys\nsys.path.index('') > 0",),
        "a module like the library's": (
            "%%writefile colorsys.py\nx = 1",
            "import colorsys\nhasattr(colorsys, 'x')",
        ),
        "a module beside": ("%%writefile min.py\nx = 1", "import min\nmin.x"),
        "main module": ("import __main__\n__main__.__name__, __name__, hasattr(__main__, 'In')",),
        "pickled": (
            "import pickle\nclass A: pass\ntype(pickle.loads(pickle.dumps(A()))).__name__",
        ),
        "source": ("import inspect\ndef f(): return 1\nprint(inspect.getsource(f))",),
        "a doctest": (
            "import doctest\ndef f():\n    '''\n    >>> f()\n    1\n    '''\n    return 1\ndoctest.testmod()",
        ),
        "recursion": ("import sys\nsys.getrecursionlimit() > 900",),
        "context variables": (
            "import contextvars\nv = contextvars.ContextVar('v', default=0)\nv.set(3);",
            "v.get()",
        ),
        "history": ("1", "len(In), In[1]"),
        "a folder taken away": (
            "import os, tempfile\nd = tempfile.mkdtemp()\nos.chdir(d)\nos.rmdir(d)",
            "print('on')",
        ),
        "print replaced": (
            "import builtins\nold = print\nbuiltins.print = lambda *a: old('å', *a)\nprint(1)\nbuiltins.print = old",
        ),
        "locale and zone": (
            "import time, os\nos.environ['TZ'] = 'UTC'\ntime.tzset()\ntime.strftime('%H', time.gmtime(0))",
        ),
        "the cell's lines": (
            "import linecache\ndef f(): return 1\nlinecache.getline(f.__code__.co_filename, 2)",
        ),
        "sqlite": (
            "import sqlite3\nc = sqlite3.connect(':memory:')\nc.execute('select 1').fetchone()",
        ),
        "a weak reference": (
            "import weakref\nclass A: pass\na = A()\nr = weakref.ref(a)\ndel a\nr() is None",
        ),
    },
    "kernel": {
        "is there": ("k = get_ipython().kernel\nk is not None, k.session is not None",),
        "the message": (
            "get_ipython().kernel.get_parent()['header']['msg_type']",
            "bool(get_ipython().parent_header)",
        ),
        "a comm": (
            "from comm import create_comm\nc = create_comm(target_name='x', data={'a': 1})\nc.target_name",
        ),
        "a comm's target": (
            "from comm import get_comm_manager\nfound = get_comm_manager()\n"
            "found.register_target('x', lambda *given: print(given))\n'x' in found.targets",
            "found is get_ipython().kernel.comm_manager",
            "found.unregister_target('x', found.targets['x'])\n'x' in found.targets",
        ),
        "a slider": ("import ipywidgets\ntype(ipywidgets.IntSlider(3)).__name__",),
        "a slider shown": (
            "import ipywidgets\ns = ipywidgets.IntSlider(3)\ndisplay(s)",
            "s.value = 5",
        ),
        "output kept": (
            "import ipywidgets\no = ipywidgets.Output()\nwith o: print('in')",
            "len(o.outputs), o.outputs[0]['text']",
        ),
        "an error kept": (
            "import ipywidgets\no = ipywidgets.Output()\nwith o: 1 / 0",
            "print('on')",
        ),
        "a display kept": (
            "import ipywidgets\no = ipywidgets.Output()\nwith o: display('d')",
            "o.outputs[0]['output_type']",
        ),
        "interact": ("import ipywidgets\nipywidgets.interact(lambda x: print(x), x=3);",),
        "observed": (
            "import ipywidgets\ns = ipywidgets.IntSlider(3)\ns.observe(lambda c: print(c['new']), 'value')\ns.value = 4",
        ),
        "many shown": (
            "import ipywidgets\nfor i in range(40): display(ipywidgets.IntSlider(i, max=99), i)",
        ),
        "interact in an output": (
            "import ipywidgets\no = ipywidgets.Output()\n"
            "with o: ipywidgets.interact(lambda x: print(x), x=3)",
            "[one['output_type'] for one in o.outputs]",
            "o",
        ),
        "embedded": (
            "import ipywidgets\nfrom ipywidgets.embed import embed_data, embed_snippet\n"
            "s = ipywidgets.IntSlider(3)\n'IntSliderModel' in embed_snippet(views=[s])",
            "found = embed_data(views=[s], drop_defaults=True)['manager_state']['state'].values()\n"
            "sorted(one['model_name'] for one in found)",
        ),
        "rich's progress": (
            "from rich.progress import BarColumn, Progress, TextColumn\n"
            "with Progress(TextColumn('{task.description}'), BarColumn(), auto_refresh=False) as p:\n"
            "    p.update(p.add_task('a', total=3), advance=2)\n    p.refresh()",
        ),
        "buffers": (
            "import ipywidgets\nkept = ipywidgets.Image(value=b'abc', width=3)\nkept.format",
            "kept.value = bytes(range(256))",
            "ipywidgets.Image(value=b'other')",
        ),
        "told of another": (
            "import ipywidgets\na, b = ipywidgets.IntSlider(1), ipywidgets.IntText(2)\n"
            "ipywidgets.jslink((a, 'value'), (b, 'value'))\nipywidgets.VBox([a, b])",
            "a.value, a.description = 7, 'å'",
        ),
        "progress": ("from tqdm.auto import tqdm\nfor i in tqdm(range(3)): pass",),
    },
    "options": {
        "errors allowed": ("1 / 0", "print('efter')", "raise KeyError('a')"),
        "errors raised though allowed": ("1 / 0", "print('efter')"),
        "errors raised though tagged": ("# tags: raises-exception\n1 / 0", "print('efter')"),
        "errors allowed by name": ("raise KeyError('a')", "1 / 0", "print('efter')"),
        "cells skipped by a tag": ("# tags: slow\nprint('hoppad')", "print('på')"),
        "cells skipped by nbclient's own tag": ("# tags: skip-execution\n1 / 0", "print('på')"),
        "widgets left out": ("import ipywidgets\nipywidgets.IntSlider(3)",),
    },
}
CASES = {f"{kind}: {name}": cells for kind, made in KINDS.items() for name, cells in made.items()}

# what papermill is told besides; a cell of these has the tags that it says it has, and no others
OPTIONS: dict[str, dict[str, object]] = {
    "options: errors allowed": {"allow_errors": True},
    "options: errors raised though allowed": {"allow_errors": True, "force_raise_errors": True},
    "options: errors raised though tagged": {"force_raise_errors": True},
    "options: errors allowed by name": {"allow_error_names": ["KeyError"]},
    "options: cells skipped by a tag": {"skip_cells_with_tag": "slow"},
    "options: cells skipped by nbclient's own tag": {},
    "options: widgets left out": {"store_widget_state": False},
}

# what differs, and why; one that no longer differs fails too
DIFFERS = {
    "streams: a syntax warning": "a kernel compiles the cell twice and warns twice",
    "errors: left by exit": "exit() ends the notebook, as sys.exit() does; a kernel runs what follows",
    "streams: half an emoji": "a kernel adds its own traceback to what is lost",
}
# a kernel's own answers vary from run to run: children's output comes by another way than Python's
UNSETTLED = {"processes: a child between prints": "the order in which they were written"}
