"""Lets clients log in that publish a document about themselves instead of registering (Client ID Metadata Documents).

The server fetches such documents from public addresses only, over TLS. So it runs, with all that it needs, in a
network namespace of its own, where nothing leads out of the machine: the loopback interface has an address there that
counts as public, the name of the document's host is in a private /etc/hosts, and the server trusts a private
certificate authority. `run` calls `run`, and that starts this file in the namespace.
"""

import fcntl
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

from gate import Tally, run_client, server
from person import Person

HOST, ADDRESS = "client.example", "9.9.9.9"  # in the namespace it is this machine's
INNER = "inner.example"  # a name that leads to an address which is not public
CHECKS_OF_ITS_OWN = 4
ASK = {"client_id": f"https://{HOST}/client.json", "client_name": "A client with a document",
       "redirect_uris": ["http://localhost/callback", "http://127.0.0.1/callback"],
       "token_endpoint_auth_method": "none", "grant_types": ["authorization_code", "refresh_token"]}


def run(tally, source, programs, clients, cwd):
    """Runs `clients`: title, program, arguments, revision, number of checks."""
    task = {"source": str(source.resolve()), "programs": [[*key, path] for key, path in programs.items()],
            "clients": [[title, str(program), *rest] for title, program, *rest in clients], "cwd": str(cwd)}
    rights = [] if os.geteuid() == 0 else ["--map-root-user"]
    # With a namespace of processes too, nothing is left behind whatever happens.
    command = ["unshare", *rights, "--net", "--mount", "--pid", "--fork", "--kill-child", sys.executable, __file__]
    expected = sum(client[-1] for client in clients) + CHECKS_OF_ITS_OWN
    run_client(tally, None, command, expected, {"TASK": json.dumps(task), "PYTHONDONTWRITEBYTECODE": "1"})


def main():
    task = json.loads(os.environ.pop("TASK"))
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        become_public(Path(folder))
        authority = certificates(Path(folder))
        programs = {(kind, name): path for kind, name, path in task["programs"]}
        trust = {"SSL_CERT_FILE": authority}
        title = "server that fetches documents"
        with document_host(Path(folder)) as fetched:
            with server(tally, title, Path(task["source"]), programs, trust) as environment:
                environment["DOCUMENT"] = ASK["client_id"]
                for name, program, arguments, revision, expected in task["clients"]:
                    run_client(tally, f"{name} ({revision}, with a document)", [program, *arguments], expected,
                               {**environment, "REVISION": revision}, task["cwd"])
                status = refusal(environment["MCP_URL"])
            problem = fetched != [HOST] and f"it fetched {fetched}"
            tally.check(title, "fetches the document once, and remembers it", problem)
            tally.check(title, "fetches nothing from an inner address", status != 503 and f"status {status}")


def refusal(mcp_url):
    """The status of a login with a document that must not be fetched."""
    client = {"client_id": f"https://{INNER}/client.json", "redirect_uri": "http://localhost/callback"}
    address = mcp_url.removesuffix("/mcp") + "/authorize?" + urlencode(client)
    return Person().send("GET", address).status


def become_public(folder):
    """Starts the loopback interface of the namespace and makes this machine the document's host."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        def tell(request, device, *more):
            fcntl.ioctl(control, request, struct.pack("16s", device) + b"".join(more).ljust(24, b"\0"))

        set_flags, set_address, up_and_running = 0x8914, 0x8916, struct.pack("H", 0x1 | 0x40)
        tell(set_flags, b"lo", up_and_running)
        tell(set_address, b"lo:1", struct.pack("HH4s", socket.AF_INET, 0, socket.inet_aton(ADDRESS)))
    hosts = folder / "hosts"
    hosts.write_text(f"127.0.0.1 localhost {INNER}\n{ADDRESS} {HOST}\n")
    subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)


def certificates(folder):
    """Makes a certificate authority and the certificate of the document's host."""
    make = ["openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    authority = ["-subj", "/CN=gate authority", "-keyout", "ca.key", "-out", "ca.pem"]
    host = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST},DNS:{INNER}",
            "-addext", "basicConstraints=critical,CA:FALSE", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-keyout", "host.key", "-out", "host.pem"]
    for arguments in (authority, host):
        subprocess.run([*make, *arguments], cwd=folder, check=True, capture_output=True)
    return str(folder / "ca.pem")


@contextmanager
def document_host(folder):
    """Serves the document at all addresses; gives the list of the names under which it was fetched."""
    fetched = []

    class Host(BaseHTTPRequestHandler):
        def do_GET(self):
            fetched.append(self.headers["Host"])
            body = json.dumps(ASK).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    host = ThreadingHTTPServer(("0.0.0.0", 443), Host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "host.pem", folder / "host.key")
    host.socket = context.wrap_socket(host.socket, server_side=True)
    threading.Thread(target=host.serve_forever, daemon=True).start()
    try:
        yield fetched
    finally:
        host.shutdown()


if __name__ == "__main__":
    main()
