"""What the benchmarks share: the work directory with its builds, tables, and how processes are run."""

import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# The one line that puts authentication in front of the MCP service, and the same server without it.
PROTECTED = "auth.protect(service)"
OPEN = "axum::routing::any_service(service)"


class Work:
    """The work directory, and the things that more than one benchmark needs."""

    def __init__(self, options):
        self.quick = options.quick
        self.dir = options.work.resolve()
        self.dir.mkdir(parents=True, exist_ok=True)
        (self.dir / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n")
        self.profile = "debug" if self.quick else "release"
        self.target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", self.dir / "cargo")).resolve()
        self._generator = options.mcp_auth and options.mcp_auth.resolve()
        self._projects = {"jwt": options.project.resolve()} if options.project else {}

    def generator(self):
        if not self._generator:
            cargo(ROOT, self.target, ["build", "--locked", "--bin", "mcp-auth", *self.flags()])
            self._generator = self.keep("mcp-auth")
        return self._generator

    def project(self, auth="jwt"):
        """A fresh copy of the generated project, with a lock file."""
        if auth not in self._projects:
            self._projects[auth] = self.empty(f"generated-{auth}") / "bench-server"
            new(self.generator(), self._projects[auth], auth)
        copy = self.empty(f"server-{auth}") / "bench-server"
        # Times of modification must be new: Cargo knows projects of one name by nothing else.
        skip = shutil.ignore_patterns("target", ".git", ".env", "keys")
        shutil.copytree(self._projects[auth], copy, ignore=skip, copy_function=shutil.copyfile)
        if not (copy / "Cargo.lock").exists():
            cargo(copy, self.target, ["generate-lockfile"])
        return copy

    def minimal(self, project):
        """The hand-written server, with the versions of the generated one."""
        copy = self.empty("minimal") / "minimal"
        shutil.copytree(HERE / "minimal", copy, copy_function=shutil.copyfile)
        shutil.copyfile(project / "Cargo.lock", copy / "Cargo.lock")
        before = versions(copy)
        cargo(copy, self.target, ["update", "--workspace", "--quiet"])
        if others := versions(copy) - before - {("minimal", "0.0.0")}:
            fail(f"the hand-written server has other versions: {others}")
        return copy

    def empty(self, name):
        path = self.dir / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    def flags(self):
        return [] if self.quick else ["--release"]

    def build(self, project, name, keep_as, *rustc, features=""):
        """Builds a project and keeps its binary: the next project of this name replaces it."""
        flags = [*self.flags(), "--features", features]
        cargo(project, self.target, ["rustc", "--quiet", *flags, "--bin", name, "--", *rustc])
        return self.keep(name, keep_as)

    def build_open(self, project, name, keep_as, features=""):
        """The same, after its authentication was taken out of the project."""
        file = project / "src/server.rs"
        text = file.read_text()
        if text.count(PROTECTED) != 1:
            fail(f"src/server.rs does not hold `{PROTECTED}` once")
        file.write_text(text.replace(PROTECTED, OPEN))
        # What only authentication used is unused now, and nobody needs to read that.
        return self.build(project, name, keep_as, "-Awarnings", features=features)

    def build_example(self, project, name):
        cargo(project, self.target, ["build", "--quiet", *self.flags(), "--example", name])
        return self.keep(f"examples/{name}", name)

    def load(self, *arguments):
        """Runs the load program; what it measured."""
        program = self.build(HERE / "load", "load", "load")
        result = subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
        if result.returncode:
            fail("the requests were not answered as they should be")
        return Samples(result.stdout)

    def keep(self, name, keep_as=None):
        kept = self.dir / "bin" / (keep_as or name)
        kept.parent.mkdir(exist_ok=True)
        kept.unlink(missing_ok=True)
        shutil.copy(self.target / self.profile / name, kept)
        return kept


class Samples:
    """What the load program printed: a kind, a case and a value in each line."""

    def __init__(self, text):
        self.values = {}
        for line in text.splitlines():
            kind, case, value = line.split("\t")
            self.values.setdefault((kind, case), []).append(float(value))

    def median(self, kind, case):
        return statistics.median(self.values[kind, case])

    def ratio(self, case, to):
        """Of CPU times, taken in the same turns if there were as many of both."""
        these, those = self.values["cpu", case], self.values["cpu", to]
        if len(these) == len(those):
            return statistics.median(a / b for a, b in zip(these, those))
        return statistics.median(these) / statistics.median(those)


class Table:
    """A Markdown table of figures, ratios and targets."""

    judges = True

    def __init__(self, title, columns=("figure",)):
        self.width = len(columns)
        self.lines = [[title, *columns, "ratio", "target", "met"]]

    def row(self, name, *cells):
        figures, (ratio, target) = cells[: self.width], [*cells[self.width :], None, None][:2]
        shown = "" if ratio is None else f"{ratio:.2f} ×"
        self.lines.append([name, *figures, shown, *self.verdict(ratio, target, "×")])

    def limit(self, name, value, most, unit):
        self.lines.append([name, f"{value:.1f} {unit}", "", *self.verdict(value, most, unit)])

    def verdict(self, value, most, unit):
        if most is None or not self.judges:
            return ["", ""]
        return [f"≤ {most} {unit}", "yes" if value <= most else "**no**"]

    def show(self):
        # Columns that nothing stands in are left out.
        columns = [column for column in zip(*self.lines) if any(column[1:])]
        lines = list(zip(*columns))
        rule = ["---", *["---:" if column[0] != "met" else "---" for column in columns[1:]]]
        for line in [lines[0], rule, *lines[1:]]:
            print("| " + " | ".join(line) + " |")
        print(flush=True)


def new(generator, folder, auth, *extras):
    command = [generator, "new", folder, "--auth", auth, "--yes", *(extras or ["--without", "git"])]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        fail(f"the generator failed: {result.stderr}")


def timed(command):
    """Wall and CPU time of a process in ms. Spawned, not forked: this interpreter is large."""
    quiet = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    program = shutil.which(command[0])
    start = time.perf_counter()
    process = os.posix_spawn(program, command, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - start
    if status:
        fail(f"{command} failed")
    return wall * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3


def cargo(folder, target, arguments, environment={}):
    """Runs Cargo; the CPU seconds that it and all its children used."""
    environment = {**os.environ, "CARGO_TARGET_DIR": str(target), **environment}
    process = subprocess.Popen(["cargo", *arguments], cwd=folder, env=environment, stdout=sys.stderr)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        fail(f"cargo {' '.join(arguments)} failed")
    return usage.ru_utime + usage.ru_stime


def crates(project):
    tree = ["cargo", "tree", "--edges", "normal,build", "--prefix", "none", "--format", "{p}", "--no-dedupe"]
    lines = subprocess.run(tree, cwd=project, check=True, capture_output=True, text=True).stdout
    return {tuple(line.split()[:2]) for line in lines.splitlines() if line}


def versions(project):
    text = (project / "Cargo.lock").read_text()
    packages = (dict(line.split(" = ", 1) for line in part.splitlines() if " = " in line) for part in text.split("[[package]]")[1:])
    return {(package["name"].strip('"'), package["version"].strip('"')) for package in packages}


def package_name(project):
    command = ["cargo", "metadata", "--no-deps", "--format-version", "1"]
    return json.loads(subprocess.run(command, cwd=project, check=True, capture_output=True).stdout)["packages"][0]["name"]


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def first_line(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[0]


def fail(why):
    sys.exit(f"error: {why}")
