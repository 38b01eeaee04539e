"""A release published elsewhere: readers there see the old one until the new one lies there
whole.
"""

import functools
import json
import os
import socket
import sys
from pathlib import Path
from types import SimpleNamespace

import fsspec
import paramiko
import pytest
import stamina

from helpers.cli import main
from helpers.cli.publish import chosen
from helpers.errors import SetupError
from helpers.releases.contents import Report, file_of, write_record
from helpers.releases.store import Releases
from helpers.sending import targets
from helpers.sending.send import send
from helpers.sending.targets import Target, passing
from tests.publish.servers import Line, Store, sftp_server

pytestmark = pytest.mark.xdist_group("sending")

SECRET = "hemlig-nyckel-7"
PAGES = {f"lan/{number:02}": f"Län {number}, åäö. " * 400 for number in range(12)}


@pytest.fixture(autouse=True)
def quick():
    """Try again without waiting between."""
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture
def out(tmp_path):
    """A folder of releases with one release, published."""
    make(tmp_path / "reports", PAGES)
    return tmp_path / "reports"


def make(out: Path, pages: dict[str, str]) -> str:
    """Publish a release of the given pages here, and return its id."""
    built, reports = out / ".building", []
    for name, text in pages.items():
        paths = [built / "html" / f"{name}.html", built / "executed" / f"{name}.ipynb"]
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{path.suffix} {text}", "utf-8")
        files = {path.relative_to(built).as_posix(): file_of(path) for path in paths}
        reports.append(Report(id=name, key={}, parameters={}, files=files))
    (built / "html" / "manifest.json").write_text(json.dumps(sorted(pages)), "utf-8")
    (built / "html" / "index.html").write_text(
        "".join(f'<a href="{name}.html">x</a>' for name in pages), "utf-8"
    )
    release = write_record(built, "Provutgåva", "prov", reports)
    Releases(out).publish(built, release)
    return release.id


def publish(target: str, out: Path, capsys, *more: str) -> SimpleNamespace:
    """Run the command; its exit code and what it said."""
    with pytest.raises(SystemExit) as ended:
        main(["publish", target, "--out", str(out), *more])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return SimpleNamespace(code=ended.value.code or 0, out=said.out, err=said.err)


def counts(done: SimpleNamespace) -> tuple[int, int, int]:
    """How many files were sent, copied there, and lay there already."""
    told = json.loads(done.out)
    return told["sent"], told["copied"], told["stood"]


def changed(pages: dict[str, str], text: str) -> dict[str, str]:
    """The pages with another text in the first."""
    return {**pages, "lan/00": text}


# To a folder


def test_a_folder_then_shows_the_release_and_every_link_of_its_index_leads_to_a_page(
    out, tmp_path, capsys
):
    done = publish(str(tmp_path / "www"), out, capsys, "--notebooks")
    assert (done.code, "see release" in done.out) == (0, True)
    identity, www = Releases(out).current.name, tmp_path / "www"
    index = (www / "index.html").read_text("utf-8")
    links = index.split('href="')[1:]
    assert len(links) == len(PAGES)
    for link in links:
        assert (www / link.split('"')[0]).read_bytes().startswith(b".html L")
    assert json.loads((www / "current.json").read_text("utf-8")) == {
        "release": identity,
        "edition": "Provutgåva",
        "reports": 12,
        "failed": 0,
    }
    there = www / "releases" / identity
    sent = {path.relative_to(there) for path in there.rglob("*.*")} - {Path("files.json")}
    here = Releases(out).current
    assert sent == {
        path.relative_to(here)
        for part in ("html", "executed")
        for path in (here / part).rglob("*.*")
    }


def test_what_lies_there_whole_is_not_sent_again_and_what_was_torn_is(out, tmp_path, capsys):
    www = tmp_path / "www"
    assert counts(publish(str(www), out, capsys, "--json")) == (14, 0, 0)
    page = next(www.glob("releases/*/html/lan/03.html"))
    page.write_bytes(page.read_bytes().replace(b"3", b"4"))  # of the same size
    assert counts(publish(str(www), out, capsys, "--json")) == (1, 0, 13)
    assert b"4" not in page.read_bytes()


def test_the_oldest_releases_go_but_never_the_two_newest(out, tmp_path, capsys):
    www, ids = tmp_path / "www", [Releases(out).current.name]
    publish(str(www), out, capsys)
    for number in range(3):
        ids.append(make(out, changed(PAGES, f"nytt {number}")))
        done = publish(str(www), out, capsys, "--keep", "2", "--json")
    assert json.loads(done.out)["removed"] == [ids[1]]
    assert {path.name for path in (www / "releases").iterdir() if path.is_dir()} == set(ids[2:])
    publish(str(www), out, capsys, "--release", ids[2], "--keep", "2")
    assert ids[2] in (www / "index.html").read_text("utf-8")
    assert json.loads((www / "releases/state.json").read_text("utf-8")) == {
        "order": [ids[3], ids[2]]
    }


@pytest.mark.parametrize("record", [None, b"", b"null", b'{"files": ["html/../../../egen.txt"]}'])
def test_a_release_there_whose_files_are_not_on_record_is_left_as_it_is_and_told(
    record, out, tmp_path, capsys
):
    www, first = tmp_path / "www", Releases(out).current.name
    publish(str(www), out, capsys)
    noted = www / "releases" / first / "files.json"
    noted.unlink() if record is None else noted.write_bytes(record)
    lying = {path for path in (www / "releases" / first).rglob("*")}
    for number in range(2):
        make(out, changed(PAGES, f"nytt {number}"))
        done = publish(str(www), out, capsys, "--keep", "2")
    assert (done.code, first in done.err, "Remove their folders by hand" in done.err) == (
        0,
        True,
        True,
    )
    assert {path for path in (www / "releases" / first).rglob("*")} == lying
    make(out, changed(PAGES, "nytt igen"))
    assert first not in publish(str(www), out, capsys, "--keep", "2").err


def test_what_a_stranger_has_put_under_a_name_like_ours_or_linked_to_stays_when_a_release_goes(
    out, tmp_path, capsys
):
    www, first = tmp_path / "www", Releases(out).current.name
    publish(str(www), out, capsys)
    there, away = www / "releases" / first, tmp_path / "elsewhere"
    (there / "html/eget.html").write_text("mitt", "utf-8")
    (there / "html/lan").rename(away)
    (there / "html/lan").symlink_to(away)
    theirs = {path: path.read_bytes() for path in [there / "html/eget.html", *away.iterdir()]}
    for number in range(2):
        make(out, changed(PAGES, f"nytt {number}"))
        publish(str(www), out, capsys, "--keep", "2")
    assert {path: path.read_bytes() for path in theirs} == theirs
    assert [path.name for path in there.rglob("*") if path.is_file()] == ["eget.html"]


def test_a_release_that_is_not_what_its_record_says_is_refused_before_anything_is_sent(
    out, tmp_path, capsys
):
    (Releases(out).current / "html/lan/05.html").write_text("annat", "utf-8")
    done = publish(str(tmp_path / "www"), out, capsys)
    assert (done.code, "html/lan/05.html" in done.err, "Nothing was sent" in done.err) == (
        4,
        True,
        True,
    )
    assert not (tmp_path / "www").exists()


def test_a_full_or_closed_folder_is_told_and_its_readers_keep_what_they_had(out, tmp_path, capsys):
    (tmp_path / "www").mkdir()
    (tmp_path / "www/index.html").write_text("gammalt", "utf-8")
    (tmp_path / "www/releases").mkdir()
    (tmp_path / "www/releases" / Releases(out).current.name).write_text(
        "a file where a folder must be", "utf-8"
    )
    done = publish(str(tmp_path / "www"), out, capsys, "--adopt")
    assert (done.code, "Readers there see what they saw before" in done.err) == (4, True)
    assert "Taken over with what lies there: index.html, releases/" in done.err
    assert (tmp_path / "www/index.html").read_text("utf-8") == "gammalt"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["OUT"], 2, "where the releases are made"),
        (["OUT/releases/www"], 2, "where the releases are made"),
        (["www", "--release", "abc"], 2, "no release 'abc'"),
        (["www", "--option", SECRET], 2, "one without ="),
        (["www", "--keep", "1"], 2, "keep"),
        (["s4://hink/www"], 2, "s4:// is no kind of place"),
        (["s3://"], 2, "Write s3://bucket/folder"),
        (["sftp://"], 2, "Write sftp://user@host/folder"),
        (["ftp://host/www"], 2, "sftp://user@host/folder"),
        (["file://"], 2, "Name a folder of their own"),
        (["s3:/hink/www"], 2, "Write s3://"),
        (["sftp:/host/www"], 2, "Write sftp://"),
        (["C:\\www"], 2, "path of Windows"),
        (["c:/www"], 2, "path of Windows"),
        (["//server/share"], 2, "path of Windows"),
        (["\\\\server\\share"], 2, "path of Windows"),
        (["https://host/www"], 2, "no kind of place"),
        (["s3://hink/www", "--option", "config_kwargs=x"], 2, "write JSON"),
        (["www", "--option", "auto_mkdir={"], 2, "Correct it"),
        (["local://OUT"], 2, "its path"),
        (["file:OUT"], 2, "one slash too few"),
        (["file:RELATIVE/www"], 2, "where the releases are made"),
        (["local:RELATIVE"], 2, "where the releases are made"),
        (["file://OUT/releases"], 2, "where the releases are made"),
        (["RELATIVE/../RELATIVE/new"], 2, "where the releases are made"),
        (["LINK/www"], 2, "where the releases are made"),
        (["simplecache::file://OUT"], 2, "way to reach a place"),
        (["filecache::OUT"], 2, "chain of file systems"),
        (["dir://OUT", "--option", "target_protocol=file"], 2, "no kind of place"),
        (["simplecache://OUT", "--option", "target_protocol=file"], 2, "no kind of place"),
    ],
)
def test_a_call_that_cannot_be_done_says_why(
    arguments, code, says, out, capsys, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    without_credentials(monkeypatch, tmp_path)
    (tmp_path / "link").symlink_to(out)
    names = {"OUT": str(out), "RELATIVE": os.path.relpath(out), "LINK": "link"}
    target, *more = [
        functools.reduce(lambda text, name: text.replace(*name), names.items(), one)
        for one in arguments
    ]
    before = _listed(out), _listed(tmp_path)
    done = publish(target, out, capsys, *more)
    assert (done.code, says in done.err, SECRET in done.err) == (code, True, False)
    assert (_listed(out), _listed(tmp_path)) == before


def _listed(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for path in folder.rglob("*")}


def test_an_option_that_the_file_system_does_not_take_is_told_as_one(out, tmp_path, capsys):
    done = publish(
        "memory://www",
        out,
        capsys,
        "--option",
        "use_listings_cache={}",
        "--option",
        "skip_instance_cache=x",
    )
    assert (done.code, "--option" in done.err, "Traceback" in done.err) == (2, True, False)


def test_an_empty_folder_of_releases_is_told(tmp_path, capsys):
    done = publish(str(tmp_path / "www"), tmp_path / "none", capsys)
    assert (done.code, "Run mottagning reports" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("protocol", "module"), [("s3", "s3fs"), ("sftp", "fsspec.implementations.sftp")]
)
def test_a_missing_package_is_named_with_its_extra(protocol, module, out, capsys, monkeypatch):
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, protocol, raising=False)
    monkeypatch.setitem(sys.modules, module, None)
    done = publish(f"{protocol}://hink/www", out, capsys)
    assert (done.code, "Install it: make extras, in the workbook's own folder" in done.err) == (
        4,
        True,
    )


# To a store in memory


def test_readers_see_the_old_index_until_every_file_of_the_new_release_lies_there(out):
    target, seen = Target("memory://prov", {}), set()
    first = send(target, *chosen(out, None), 5, False, lambda _: lambda _: None).release
    make(out, changed(PAGES, "nytt"))

    def listen(_: str) -> None:
        seen.add(target.read("index.html"))
        assert json.loads(target.read("current.json"))["release"] == first.id

    second = send(target, *chosen(out, None), 5, False, lambda _: listen).release
    assert [first.id.encode() in page for page in seen] == [True]
    assert second.id.encode() in target.read("index.html")


# To an object store


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """An S3-compatible server, for the tests of this module."""
    store = Store(tmp_path_factory.mktemp("store") / "said.log")
    yield store
    store.end()


def options(port: int, key: str = "prov") -> list[str]:
    given = {"endpoint_url": f"http://127.0.0.1:{port}", "key": key, "secret": SECRET}
    return [part for name, value in given.items() for part in ("--option", f"{name}={value}")]


def without_credentials(monkeypatch, folder: Path) -> None:
    """Let no credentials of whoever runs the tests be found."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(folder / "none"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def eye(store):
    """A file system that sees the store as it is, by no line of ours."""
    given = {"endpoint_url": f"http://127.0.0.1:{store.port}", "key": "prov", "secret": SECRET}
    return fsspec.filesystem("s3", skip_instance_cache=True, use_listings_cache=False, **given)


@pytest.fixture
def bucket(eye, tmp_path):
    """A bucket of the test's own."""
    fs, name = eye, f"hink{len(eye.ls(''))}"
    fs.mkdir(name)
    return SimpleNamespace(name=name, url=f"s3://{name}/rapporter", path=f"{name}/rapporter", fs=fs)


def test_an_object_store_tells_browsers_what_a_page_is_and_how_long_to_keep_it(
    store, bucket, out, capsys
):
    done = publish(bucket.url, out, capsys, *options(store.port), "--json")
    assert counts(done) == (14, 0, 0)
    identity = json.loads(done.out)["release"]

    def head(name: str) -> tuple[str, str]:
        told = bucket.fs.call_s3("head_object", Bucket=bucket.name, Key=f"rapporter/{name}")
        return told["ContentType"], told["CacheControl"]

    assert head("index.html") == ("text/html; charset=utf-8", "no-cache")
    assert head("current.json") == ("application/json; charset=utf-8", "no-cache")
    lasting = "public, max-age=31536000, immutable"
    assert head(f"releases/{identity}/html/lan/03.html") == ("text/html; charset=utf-8", lasting)


def test_an_object_store_copies_itself_what_an_earlier_release_holds(store, bucket, out, capsys):
    publish(bucket.url, out, capsys, *options(store.port))
    identity = make(out, changed(PAGES, "nytt"))
    done = publish(bucket.url, out, capsys, *options(store.port), "--json")
    assert counts(done) == (1, 13, 0)
    page = f"{bucket.path}/releases/{identity}/html/lan/07.html"
    assert bucket.fs.cat_file(page) == (Releases(out).current / "html/lan/07.html").read_bytes()


def test_a_line_cut_once_is_tried_again_and_nothing_is_lost(store, bucket, out, capsys):
    line = Line(store.port, cut_after=40_000, for_good=False)
    done = publish(bucket.url, out, capsys, *options(line.port), "--json")
    line.end()
    assert (done.code, line.cuts >= 1, sum(counts(done))) == (0, True, 14)
    identity = json.loads(done.out)["release"]
    assert identity.encode() in bucket.fs.cat_file(f"{bucket.path}/index.html")


def test_a_line_cut_for_good_leaves_the_old_pointer_and_the_next_run_sends_only_what_is_missing(
    store, bucket, out, capsys
):
    publish(bucket.url, out, capsys, *options(store.port))
    before = {
        name: bucket.fs.cat_file(f"{bucket.path}/{name}") for name in ("index.html", "current.json")
    }
    identity = make(out, {name: f"{text} 2019" for name, text in PAGES.items()})
    line, place = Line(store.port, cut_after=60_000, for_good=True), f"/releases/{identity}/"
    cut = publish(bucket.url, out, capsys, *options(line.port))
    assert (cut.code, "connection was cut" in cut.err, SECRET in cut.err) == (4, True, False)
    assert "Readers there see what they saw before" in cut.err
    assert {name: bucket.fs.cat_file(f"{bucket.path}/{name}") for name in before} == before
    there = store.requests("PUT", place)
    assert 0 < there < 14
    line.mend()
    done = publish(bucket.url, out, capsys, *options(line.port), "--json")
    line.end()
    sent, copied, stood = counts(done)
    assert (sent + copied, stood) == (14 - there, there)
    assert store.requests("PUT", place) == 15  # the last is the record of them
    assert identity.encode() in bucket.fs.cat_file(f"{bucket.path}/index.html")


def test_a_store_that_takes_the_call_and_never_says_continue_is_given_up(monkeypatch):
    monkeypatch.setattr(targets, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        own = {
            "key": "k",
            "secret": SECRET,
            "endpoint_url": f"http://127.0.0.1:{silent.getsockname()[1]}",
        }
        place = Target("s3://hink/www", own)
        with pytest.raises(TimeoutError) as given_up:
            place.put("index.html", b"x", lasting=False)
    assert "there was no answer" in place.in_words(given_up.value)


def test_a_bucket_that_is_not_there_is_told(store, out, capsys):
    done = publish("s3://finns-inte/www", out, capsys, *options(store.port))
    assert (done.code, "no such bucket" in done.err, SECRET in done.err) == (4, True, False)


def test_a_bucket_that_may_not_be_written_is_told_and_nothing_of_it_changes(
    store, bucket, out, capsys
):
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket.name}/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    bucket.fs.call_s3("put_bucket_policy", Bucket=bucket.name, Policy=policy)
    done = publish(bucket.url, out, capsys, *options(store.port))
    assert (done.code, "no permission" in done.err) == (4, True)
    assert bucket.fs.find(bucket.path) == []


def test_missing_credentials_are_told(store, out, capsys, monkeypatch, tmp_path):
    without_credentials(monkeypatch, tmp_path)
    done = publish(
        "s3://hink/www", out, capsys, "--option", f"endpoint_url=http://127.0.0.1:{store.port}"
    )
    assert (done.code, "no credentials" in done.err) == (4, True)


def test_a_server_that_is_not_there_is_told(out, capsys):
    line = Line(1, cut_after=0, for_good=True)
    done = publish("s3://hink/www", out, capsys, *options(line.port))
    line.end()
    assert (done.code, "no answer" in done.err) == (4, True)


# Over SFTP


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder of the test's own."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def test_a_folder_over_sftp_is_resumed_and_swapped_like_one_here(out, tmp_path, home, capsys):
    (tmp_path / "far").mkdir()
    with sftp_server(tmp_path / "far", home / ".ssh/known_hosts") as port:
        line = Line(port, cut_after=120_000, for_good=True)
        url = f"sftp://eva:hemligt@127.0.0.1:{line.port}/www"
        known = home / ".ssh/known_hosts"
        known.write_text(known.read_text("utf-8").replace(str(port), str(line.port)), "utf-8")
        cut = publish(url, out, capsys)
        assert (cut.code, "connection was cut" in cut.err, "hemligt" in cut.err) == (
            4,
            True,
            False,
        ), cut.err
        assert not (tmp_path / "far/www/index.html").exists()
        line.mend()
        sent, _, stood = counts(publish(url, out, capsys, "--json"))
        line.end()
    assert (sent + stood, stood > 0) == (14, True)
    assert (tmp_path / "far/www/index.html").read_text("utf-8").count("releases/") == len(PAGES)


@pytest.mark.parametrize("below", ["", "/html", "/html/lan", "/html/lan/05.html", "/files.json"])
@pytest.mark.parametrize("place", ["here", "over SFTP"])
def test_a_link_below_a_release_there_is_not_written_through(
    below, place, out, tmp_path, home, capsys
):
    far, away = tmp_path / "far/www", tmp_path / "away"
    link = far / "releases" / (Releases(out).current.name + below)
    link.parent.mkdir(parents=True)
    away.write_text("mitt", "utf-8") if "." in link.name else away.mkdir()
    link.symlink_to(away)
    before = _listed(tmp_path / "far"), _listed(away), away.lstat().st_mtime_ns
    with sftp_server(tmp_path / "far", home / ".ssh/known_hosts") as port:
        url = str(far) if place == "here" else f"sftp://eva:hemligt@127.0.0.1:{port}/www"
        refused = publish(url, out, capsys, "--adopt")
        assert (refused.code, f"{link.relative_to(far)}" in refused.err) == (4, True), refused.err
        after = _listed(tmp_path / "far"), _listed(away), away.lstat().st_mtime_ns
        mark = str(far / ".mottagningsboken")
        assert ({name: at for name, at in after[0].items() if name not in (mark, str(far))}) == (
            {name: at for name, at in before[0].items() if name != str(far)}
        )
        assert after[1:] == before[1:]
        link.unlink()
        assert publish(url, out, capsys, "--adopt").code == 0


@pytest.mark.parametrize(
    ("said", "passes", "told"),
    [
        ("Authentication failed: transport shut down or saw EOF", True, "the connection was cut"),
        ("Authentication timeout.", True, "the connection was cut"),
        ("Authentication failed.", False, "no credentials"),
    ],
)
def test_a_line_cut_during_login_is_tried_again_and_no_wrong_password(said, passes, told, tmp_path):
    error = paramiko.AuthenticationException(said)
    assert passing(error) is passes
    assert told in Target(str(tmp_path), {}).in_words(error)


@pytest.mark.parametrize(
    ("password", "known", "says"),
    [("fel", True, "no credentials"), ("hemligt", False, "known_hosts")],
)
def test_a_wrong_password_and_an_unknown_server_are_refused(
    password, known, says, out, tmp_path, home, capsys
):
    with sftp_server(tmp_path, home / ".ssh/known_hosts" if known else None) as port:
        done = publish(f"sftp://eva:{password}@127.0.0.1:{port}/www", out, capsys)
    assert (done.code, says in done.err, password in done.err) == (4, True, False)


def test_an_error_that_is_not_the_targets_is_not_hidden(out):
    def begin(_: int):
        raise SetupError("ours")

    with pytest.raises(SetupError, match="ours"):
        send(Target("memory://x", {}), *chosen(out, None), 5, False, begin)
