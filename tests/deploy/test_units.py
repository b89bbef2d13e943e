"""The units of systemd: they name what exists, agree with each other, and leave the machine alone."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from click import Group

from config import ROOT
from pb.cli import main

FOLDER = ROOT / "deploy/systemd"
SERVICES = sorted(path.name for path in FOLDER.glob("*.service"))
TIMERS = sorted(path.name for path in FOLDER.glob("*.timer"))
SHELTER = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "SystemCallFilter": "@system-service",
    "UMask": "0077",
}


def keys(name: str) -> dict[str, str]:
    """Read a unit; no key stands in it twice, except what a reload does."""
    read: dict[str, str] = {}
    for line in (FOLDER / name).read_text().splitlines():
        if line and line[0] not in "#[":
            key, sign, value = line.partition("=")
            assert sign == "=", line
            assert key not in read or key == "ExecReload", f"{name}: {key} twice"
            read[key] = f"{read[key]}; {value}" if key in read else value
    return read


def shelter(name: str) -> str:
    """Give what a service may not do, as it is written."""
    text = (FOLDER / name).read_text()
    return text[text.index("NoNewPrivileges") : text.index("UMask")]


def test_there_is_a_site_and_three_jobs_each_with_its_timer() -> None:
    jobs = {"beslisavond-backup", "beslisavond-mail", "beslisavond-tidy"}
    assert {Path(name).stem for name in SERVICES} == jobs | {"beslisavond"}
    assert {Path(name).stem for name in TIMERS} == jobs


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_can_write_nothing_but_its_own_folder(name: str) -> None:
    read = keys(name)
    assert {key: read.get(key) for key in SHELTER} == SHELTER
    assert read["User"] == read["Group"] == "beslisavond"
    assert read["StateDirectory"].split()[0] == "beslisavond"
    assert "ReadWritePaths" not in read
    assert shelter(name) == shelter("beslisavond.service")


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_runs_exists(name: str) -> None:
    words = shlex.split(keys(name)["ExecStart"])
    assert words[:2] == ["/opt/beslisavond/.venv/bin/python", "-m"]
    if words[2] == "gunicorn":
        assert words[3] == "--config"
        assert (ROOT / words[4]).is_file()
        assert words[5:] == ["wsgi:app"]
        return
    assert isinstance(main, Group)
    command = main.commands[words[3]]
    command.make_context(words[3], words[4:], resilient_parsing=False).close()


def test_the_site_reloads_without_a_gap_and_stops_in_time() -> None:
    read = keys("beslisavond.service")
    check, reload = read["ExecReload"].split("; ")
    assert shlex.split(check) == ["/opt/beslisavond/.venv/bin/python", "-c", "import wsgi"]
    assert reload == "/bin/kill -s HUP $MAINPID"
    assert (read["Type"], read["KillMode"], read["Restart"]) == ("notify", "mixed", "always")
    conf = (ROOT / "deploy/gunicorn.conf.py").read_text()
    graceful = re.search(r"^graceful_timeout = (\d+)", conf, re.MULTILINE)
    assert graceful
    assert int(read["TimeoutStopSec"]) > int(graceful[1])
    nginx = (ROOT / "deploy/nginx/nginx.conf").read_text()
    assert f"worker_rlimit_nofile {read['LimitNOFILE']};" in nginx
    assert "preload" not in conf, "with preload a reload would go on with the old code"


def test_what_systemd_itself_says_of_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not on this machine")
    for name in [*SERVICES, *TIMERS]:
        text = (FOLDER / name).read_text().replace("/opt/beslisavond/.venv/bin/python", "/bin/true")
        (tmp_path / name).write_text(text)
    for name in [*SERVICES, *TIMERS]:
        done = subprocess.run(
            [program, "verify", "--man=no", tmp_path / name], capture_output=True, text=True,
            env=dict(os.environ) | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        )  # fmt: skip
        about_us = [line for line in done.stderr.splitlines() if "beslisavond" in line]
        assert (done.returncode, about_us) == (0, []), done.stderr


def test_a_command_runs_with_the_settings_of_the_service(tmp_path: Path) -> None:
    (tmp_path / "settings").write_text(
        '# niet dit\nPB_MUNICIPALITY=Gemeente Het Bildt\'s $HOME "x"\n\nPB_SMTP_URL=smtp://a:b=c&d#e@post.example'
    )
    folder = tmp_path / "site"
    (folder / ".venv/bin").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    told = tmp_path / "told"
    program(folder / ".venv/bin/python", f'printf "%s|" "$@" >{told}; env >>{told}; pwd >>{told}')
    program(tmp_path / "bin/runuser", 'shift 3; exec "$@"')
    script = (ROOT / "deploy/beslisavond").read_text()
    script = script.replace("/etc/beslisavond/settings", str(tmp_path / "settings"))
    script = script.replace("/opt/beslisavond", str(folder))
    program(tmp_path / "beslisavond", script)
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    subprocess.run([tmp_path / "beslisavond", "backup", "een twee"], check=True, env={"PATH": path})
    lines = told.read_text().splitlines()
    assert lines[0].startswith("-m|pb|backup|een twee|")
    assert 'PB_MUNICIPALITY=Gemeente Het Bildt\'s $HOME "x"' in told.read_text()
    assert "PB_SMTP_URL=smtp://a:b=c&d#e@post.example" in lines
    assert lines[-1] == str(folder)


def program(path: Path, text: str) -> None:
    path.write_text(text if text.startswith("#!") else f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_the_handbook_names_every_file_and_every_command_of_running_it() -> None:
    text = (ROOT / "docs/operating.md").read_text()
    files = [
        str(path.relative_to(ROOT / "deploy"))
        for path in (ROOT / "deploy").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert [name for name in files if Path(name).name not in text] == []
    for command in ("migrate", "backup", "restore", "tidy", "send-mail", "add-account", "make-key", "verify"):
        assert re.search(rf"(beslisavond|python -m pb) {command}\b", text), command
