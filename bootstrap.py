#!/usr/bin/env python3
"""python3 bootstrap.py COMMAND: makes .venv from the hashed lock once, then runs COMMAND inside it.

    run              the portal on this machine (PORT, DEMO, DATABASE_URL, REDIS_URL, URBANLINK_HOME)
    test [ARGS]      the test suite; ARGS go to pytest
    reset            deletes the state of `run`
    manage ARGS      manage.py, with the servers of `run` (started for it where none run)
    lint             style, types, import order, templates, missing migrations
    faults [ARGS]    the long fault suite      bench [ARGS]  timings      quality [ARGS]  matching against judged sets
    lock             writes requirements*.lock anew from pyproject.toml
    install [test]   only .venv

Standard library only; starts on any Python from 3.8 and looks for one from 3.11. No network is needed once .venv is
current.
"""

import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

OLDEST = (3, 11)
TESTED = (3, 13)  # newer ones may lack wheels of some package; they come last
TOP = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(TOP, ".venv")
PYTHON = os.path.join(VENV, "Scripts", "python.exe") if os.name == "nt" else os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "urbanlink-locks.json")
BENCH = os.path.join(VENV, "bench")  # what only the benchmark needs: .venv's own packages never see it
BENCH_LOCK = os.path.join(TOP, "requirements-bench.lock")
LOCKS = {"run": os.path.join(TOP, "requirements.lock"), "test": os.path.join(TOP, "requirements-test.lock")}
# What an outer environment or a personal pip configuration must not decide here.
FOREIGN = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX", "PIP_USER", "PIP_TARGET", "PIP_PREFIX")
FOREIGN += ("PIP_REQUIRE_VIRTUALENV", "PIP_NO_DEPS", "UV_PYTHON", "UV_PROJECT_ENVIRONMENT", "__PYVENV_LAUNCHER__")
CLEAN = {name: value for name, value in os.environ.items() if name not in FOREIGN}
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": CLEAN, "check": False}
CAUSES = (
    ("No space left", "The disk is full."),
    ("Read-only file system", "The folder of the checkout cannot be written to."),
    ("Permission denied", "A file or folder in .venv belongs to another user."),
    ("hash", "A downloaded package is not the one the lock names."),
    ("No matching distribution", "A package has no build for this platform or Python; 3.11 to 3.13 are tested."),
    ("no wheels with a matching", "A package has no build for this platform or Python; 3.11 to 3.13 are tested."),
    ("name resolution", "The package index cannot be reached: no network, or it needs a proxy."),
    ("dns error", "The package index cannot be reached: no network, or it needs a proxy."),
    ("onnect", "The package index cannot be reached: no network, or it needs a proxy."),
    ("timed out", "The package index did not answer in time."),
)


def fail(text):
    sys.exit("bootstrap.py: " + text)


def version(program):
    """(major, minor), or (0, 0) for what does not run: pyenv leaves dead shims on PATH, and only a run tells."""
    try:
        done = subprocess.run(
            [program, "-c", "import sys, venv; print(*sys.version_info[:2])"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=CLEAN,
            timeout=30,
            check=False,
        )
        major, minor = done.stdout.split()
        return (int(major), int(minor)) if done.returncode == 0 else (0, 0)
    except (OSError, ValueError, subprocess.SubprocessError):
        return (0, 0)


def pythons():
    """Programs that may be a Python, the most likely first."""
    home = os.path.expanduser("~")
    yield sys.executable
    for minor in (11, 12, 13, 14, 15):
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
            yield os.path.join(folder, "python3.%d" % minor)
    yield shutil.which("python3")
    for pattern in (
        os.path.join(os.environ.get("PYENV_ROOT") or os.path.join(home, ".pyenv"), "versions", "3.*", "bin", "python"),
        os.path.join(home, ".local", "share", "uv", "python", "*", "bin", "python3"),
        "/opt/python/*/bin/python3",
        "/opt/homebrew/bin/python3.1[1-9]",
        "/usr/local/bin/python3.1[1-9]",
    ):
        for program in sorted(glob.glob(pattern)):
            yield program


def find_python():
    seen, newer, older = set(), None, []
    for program in pythons():
        if not program or program in seen or not os.access(program, os.X_OK):
            continue
        seen.add(program)
        found = version(program)
        if OLDEST <= found <= TESTED:
            return program
        if found > TESTED:
            newer = newer or program
        elif found > (0, 0):
            older.append("%s is %d.%d" % (program, *found))
    if newer:
        return newer
    wanted = "Python %d.%d or newer (tested to %d.%d) is needed" % (OLDEST + TESTED)
    fail("%s; found %s." % (wanted, ", ".join(older[:4]) or "none"))


def digest(path):
    with open(path, "rb") as lock:
        return hashlib.sha256(lock.read()).hexdigest()


def stamp():
    """The digests of the locks that .venv was made from; empty when it is absent or half made."""
    try:
        with open(STAMP, encoding="ascii") as text:
            made = json.load(text)
    except (OSError, ValueError):
        return {}
    return made if os.path.exists(PYTHON) and isinstance(made, dict) else {}


def is_current(kind):
    return stamp().get(kind) == digest(LOCKS[kind])


def install(kind):
    """Makes .venv hold the lock of `kind`. The test lock contains the other, so a .venv for tests also runs."""
    if is_current(kind):
        return
    with OneAtATime():
        if is_current(kind):  # the one who held the lock has just made it
            return
        made = stamp()
        kind = "test" if "test" in made else kind  # never take the test packages away again
        healthy = bool(made) and version(PYTHON) >= OLDEST
        if made:
            os.remove(STAMP)  # from here to the end an interruption means starting over
        uv = find_uv()
        if not (uv and attempt(with_uv(uv, kind, healthy))):
            program = None if healthy and has_module(PYTHON, "pip") else find_python()
            if not attempt(with_pip(program, kind), last=True):
                sys.exit(1)
        done = {name: digest(LOCKS[name]) for name in (("run", "test") if kind == "test" else ("run",))}
        with open(STAMP + ".new", "w", encoding="ascii") as text:
            json.dump(done, text)
        os.replace(STAMP + ".new", STAMP)
        add_checkout_to_path()


class OneAtATime:
    """Holds the folder of the checkout itself, so that no lock file is left behind; the kernel frees it if we die."""

    def __enter__(self):
        self.folder = None
        if os.name == "nt":
            return
        import fcntl

        self.folder = os.open(TOP, os.O_RDONLY)
        try:
            fcntl.flock(self.folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another bootstrap.py to finish .venv ...", flush=True)
            fcntl.flock(self.folder, fcntl.LOCK_EX)
        except OSError:
            pass  # a file system without locks: two at once are then the person's own care

    def __exit__(self, *_):
        if self.folder is not None:
            os.close(self.folder)


def find_uv():
    uv = shutil.which("uv")
    try:
        if uv and subprocess.run([uv, "--version"], **QUIET).returncode == 0:
            return uv
    except OSError:
        pass
    return None


def with_uv(uv, kind, healthy):
    if not healthy:
        program = find_python()
        say_start(program, "uv")
        yield [uv, "venv", "--quiet", "--clear", "--no-project", "--python", program, VENV]
    else:
        say_start(None, "uv")
    yield [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, LOCKS[kind]]


def with_pip(program, kind):
    say_start(program, "pip")
    options = ["install", "--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes", "--no-deps"]
    if program is not None:
        shutil.rmtree(VENV, ignore_errors=True)
        if has_module(program, "ensurepip"):
            yield [program, "-m", "venv", VENV]
        else:  # Debian without python3-venv: pip of the system can fill a .venv that has none
            yield [program, "-m", "venv", "--without-pip", VENV]
            yield [program, "-m", "pip", "--python", PYTHON, *options, "-r", LOCKS[kind]]
            return
    yield [PYTHON, "-m", "pip", *options, "-r", LOCKS[kind]]


def has_module(program, name):
    return subprocess.run([program, "-c", "import " + name], **QUIET).returncode == 0


def say_start(program, tool):
    print("Making .venv with %s%s ..." % (tool, " and " + program if program else ""), flush=True)


def attempt(commands, last=False):
    """Runs the commands one after the other; at the first that fails says why, if nothing else can be tried."""
    for command in commands:
        try:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=CLEAN, check=False)
            code, said = done.returncode, done.stdout.decode("utf-8", "replace").strip()
        except OSError as error:
            code, said = 1, str(error)
        if code:
            lines = "\n".join("    " + line for line in said.splitlines()[-8:])
            print("%s failed:\n%s" % (" ".join(command[:4]), lines), file=sys.stderr)
            cause = next((text for words, text in CAUSES if words in said), "")
            if last:
                print("bootstrap.py: .venv could not be made. " + cause, file=sys.stderr)
            return False
    return True


def add_checkout_to_path():
    """Programs of .venv find our packages from any folder. Relative, so that a copied checkout means the copy."""
    for packages in glob.glob(os.path.join(VENV, "lib*", "python3*", "site-packages")):
        with open(os.path.join(packages, "urbanlink.pth"), "w", encoding="ascii") as text:
            text.write(os.path.relpath(TOP, os.path.realpath(packages)) + "\n")


def end_with_make():
    """`kill -9` of make must not leave us behind: the kernel tells us when the make that started us is gone."""
    if not (sys.platform.startswith("linux") and os.environ.get("MAKELEVEL")):
        return
    try:
        with open("/proc/%d/comm" % os.getppid(), encoding="ascii") as name:
            is_make = name.read().strip() in ("make", "gmake")
    except OSError:
        return
    if is_make:
        import ctypes
        import signal

        ctypes.CDLL(None).prctl(1, int(signal.SIGTERM), 0, 0, 0)  # PR_SET_PDEATHSIG; survives the exec below


def become(*command):
    os.environ.pop("PYTHONPATH", None)  # .venv knows the checkout; anything else could shadow its packages
    if os.name == "nt":
        sys.exit(subprocess.run((PYTHON, *command), check=False).returncode)
    sys.stdout.flush()
    os.execv(PYTHON, (PYTHON, *command))


def become_pytest(*arguments):
    os.chdir(TOP)
    become("-m", "pytest", *arguments)


def processes():
    # Each worker migrates a database of its own: beyond four that costs more than it saves.
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return str(max(2, min(4, cores)))


def lint():
    """Every check, also after one has failed, so that one round shows all there is to mend."""
    os.chdir(TOP)
    # Django's settings want addresses; none of these commands connects.
    stand_in = {
        "DATABASE_URL": "postgresql://lint@127.0.0.1/lint",
        "REDIS_URL": "redis://127.0.0.1",
        "SECRET_KEY": "-" * 50,
    }
    environment = dict(CLEAN, PYTHONWARNINGS="ignore::RuntimeWarning", **stand_in)
    importlinter = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    checks = (
        ("style", ["-m", "ruff", "check", "--quiet", "."]),
        ("format", ["-m", "ruff", "format", "--check", "--quiet", "."]),
        ("import order", ["-c", importlinter]),
        ("types", ["-m", "mypy", "--no-error-summary"]),
        ("templates", ["-m", "djlint", "--quiet", "--lint", "templates"]),
        ("migrations", ["manage.py", "makemigrations", "--check", "--dry-run", "-v0"]),
        ("translations", ["manage.py", "check_translations", "--present"]),
        ("system checks", ["manage.py", "check", "--fail-level", "WARNING"]),
    )
    failed = []
    for name, command in checks:
        print("lint: %s" % name, flush=True)
        if subprocess.run([PYTHON, *command], env=environment, check=False).returncode:
            failed.append(name)
    if failed:
        fail("lint failed: " + ", ".join(failed))
    print("lint: all clean")


def lock():
    tool = [PYTHON, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--universal", "--generate-hashes"]
    # Neither addresses nor the command line: the lock says the same wherever it was made.
    tool += ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--python-version", "3.11"]
    for kind, extra in (("run", []), ("test", ["--extra", "test"])):
        subprocess.run(tool + extra + ["--output-file", LOCKS[kind]], cwd=TOP, env=CLEAN, check=True)
    # In the versions of the test lock, beside whose packages it is used, and without those that both need.
    group = [part for part in tool if part != "pyproject.toml"] + ["--group", "bench", "-c", LOCKS["test"]]
    group += [part for name in ("numpy", "packaging", "threadpoolctl") for part in ("--no-emit-package", name)]
    subprocess.run([*group, "--output-file", BENCH_LOCK], cwd=TOP, env=CLEAN, check=True)


def install_bench():
    """Fills .venv/bench from its lock; what cannot be had is named in .venv/bench/missing.json and left out."""
    made = os.path.join(BENCH, "made")
    try:
        with open(made, encoding="ascii") as text:
            if text.read() == digest(BENCH_LOCK):
                return
    except OSError:
        pass
    with OneAtATime():
        shutil.rmtree(BENCH, ignore_errors=True)
        os.makedirs(BENCH)
        with open(BENCH_LOCK, encoding="utf-8") as text:
            whole = text.read()
        failures = {}
        print("Making %s ..." % os.path.relpath(BENCH, TOP), flush=True)
        if add_to_bench(whole):
            # One package without a build here must not cost the others.
            for block in re.findall(r"^[a-z0-9].*(?:\n[ \t].*)*", whole, re.MULTILINE):
                said = add_to_bench(block)
                if said:
                    failures[block.split("==")[0]] = said
        with open(os.path.join(BENCH, "missing.json"), "w", encoding="utf-8") as text:
            json.dump(failures, text)
        with open(made, "w", encoding="ascii") as text:
            text.write(digest(BENCH_LOCK))


def add_to_bench(requirements):
    """Installs pinned and hashed requirements into .venv/bench; why it could not, empty when it could."""
    path = os.path.join(BENCH, "wanted.txt")
    with open(path, "w", encoding="utf-8") as text:
        text.write(requirements + "\n")
    command = [PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", PYTHON, "--target", BENCH]
    command += ["--no-deps", "--require-hashes", "-r", path]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=CLEAN, check=False)
    said = done.stdout.decode("utf-8", "replace").strip() if done.returncode else ""
    return said and said.splitlines()[-1].strip()


def main(arguments):
    command, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if command == "install":
        install("test" if rest == ["test"] else "run")
    elif command in ("run", "reset", "manage"):
        install("run")
        become("-m", "portal.embedded", command, *rest)
    elif command in ("test", "faults", "bench", "quality", "lint", "lock"):
        install("test")
        if command == "test":
            alone = any(part.startswith("-n") or part in ("--pdb", "no:xdist") for part in rest)
            become_pytest("-m", "not faults", *([] if alone else ["-n", processes()]), *rest)
        elif command == "faults":
            become_pytest("-m", "faults", *(rest or ["tests/faults"]))
        elif command == "bench":
            install_bench()
            os.chdir(TOP)
            become("-W", "ignore", "-m", "tests.bench", *rest)
        elif command == "quality":
            install_bench()
            os.chdir(TOP)
            become("-W", "ignore", "-m", "tests.quality", *rest)
        elif command == "lint":
            lint()
        else:
            lock()
    else:
        print(__doc__)
        sys.exit(0 if command in ("help", "-h", "--help") else 2)


if __name__ == "__main__":
    end_with_make()
    main(sys.argv[1:])
