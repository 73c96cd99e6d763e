"""What the gate works with: counting, a running server, a running client. Used by `run` and `documents.py`."""

import os
import random
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import credentials

HERE = Path(__file__).resolve().parent
PATIENCE = 120  # seconds that a client may take


class Tally:
    def __init__(self):
        self.passed = self.failed = 0
        self.secrets = set()  # what no log may hold

    def take(self, title, line):
        """Prints and counts a line of a client; a secret is kept to itself."""
        verdict, _, rest = line.partition(" ")
        counts = verdict in ("ok", "FAILED")
        self.passed += verdict == "ok"
        self.failed += verdict == "FAILED"
        if verdict == "secret":
            self.secrets.add(rest)
        else:
            print(f"{verdict} {title}{rest}" if counts else f"   {line}", flush=True)
        return counts

    def check(self, title, name, problem):
        self.take(f"{title}: ", f"FAILED {name}: {problem}" if problem else f"ok {name}")


given = set()  # a port that was promised is perhaps not listened on yet


def free_port():
    """A port that the system gives to nobody by itself: it chooses higher ones."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            port = random.randrange(15_000, 32_000)
            if port in given:
                continue
            probe.bind(("127.0.0.1", port))
            given.add(port)
            return port


@contextmanager
def server(tally, title, source, programs, more=(), public=None):
    """A running server of the project `source`, whose `programs` are built, with `more` settings; gives what its
    clients need to know. If they reach it at another origin, `public`, something must be there that passes on.
    Judges its end."""
    binary = next(path for (kind, _), path in programs.items() if kind == "bin")
    port = free_port()
    base_url = public or f"http://localhost:{port}"
    with tempfile.TemporaryDirectory() as folder, credentials.make(source, programs, folder, base_url) as access:
        settings = {"BIND_ADDR": f"127.0.0.1:{port}", "BASE_URL": base_url, "AUTH_REQUIRED_SCOPES": "mcp:tools",
                    "ALLOWED_ORIGINS": "https://page.example", "RUST_LOG": "trace", **access.settings, **dict(more)}
        log = Path(folder, "log")
        with log.open("w") as output:
            process = subprocess.Popen([binary], cwd=folder, env=settings, stdout=output, stderr=output)
        try:
            wait_for(f"http://127.0.0.1:{port}/health", process, log)
            variables = {"MCP_URL": f"{base_url}/mcp", "SERVER_PORT": str(port), **access.variables(port)}
            yield variables
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                code = process.wait(10)
                tally.check(title, "stops when told to", code and f"exit code {code}")
            except subprocess.TimeoutExpired:
                process.kill()
                tally.check(title, "stops when told to", "still there after 10 seconds")
        told = log.read_text()
        secrets = {value: name for name, value in {**settings, **variables}.items() if name.startswith(SECRET)}
        secrets.update(dict.fromkeys(tally.secrets, "a client's token"))
        found = [name for value, name in secrets.items() if value in told]
        panics = [line for line in told.splitlines() if "panicked" in line]
        tally.check(title, "logs no token and no panic", ", ".join(found + panics))


SECRET = ("TOKEN", "AUTH_CLIENT_SECRET", "AUTH_SIGNING_KEY")


def wait_for(url, process, log):
    for _ in range(200):
        if process.poll() is not None:
            break
        try:
            return urllib.request.urlopen(url, timeout=1)
        except urllib.error.URLError:
            time.sleep(0.05)
    raise RuntimeError(f"the server does not answer at {url}:\n{log.read_text()}")


def run_client(tally, title, command, expected, environment, cwd=None):
    """Runs a client, which must print `expected` checks. Without a title its lines have their own."""
    environment = {**os.environ, **environment}
    prefix = f"{title}: " if title else ""
    try:
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=PATIENCE)
        output, errors = done.stdout, done.stderr
    except subprocess.TimeoutExpired as expired:
        output, errors = (expired.stdout or b"").decode(), f"still running after {PATIENCE} seconds"
    except OSError as error:
        output, errors = "", str(error)
    printed = sum([tally.take(prefix, line) for line in output.splitlines()])
    if printed != expected:
        tally.check(title or Path(command[0]).name, f"runs {expected} checks", f"{printed} ran\n{errors[-2000:]}")
