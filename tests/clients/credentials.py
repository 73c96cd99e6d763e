"""Tokens for a generated server, one way per option. Used by `run`.

`make` gives the settings under which the server accepts them, and the variables that tell the clients:
TOKEN_ADMIN (alice, may do everything), TOKEN_USER (bob, without mcp:admin), TOKEN_NOTHING (carol, without
mcp:tools), TOKEN_BAD; WHOAMI, what the tool of this name must tell alice; ISSUERS, what the metadata must say.
"""

import base64
import hashlib
import json
import secrets
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

CALLERS = {
    "ADMIN": {"sub": "alice", "scope": "mcp:tools mcp:admin", "client_id": "gate",
              "name": 'Alice "Ä" Example', "email": "alice@example.com"},
    "USER": {"sub": "bob", "scope": "mcp:tools", "client_id": "gate"},
    "NOTHING": {"sub": "carol", "scope": "other", "client_id": "gate"},
}
ISSUER = "https://issuer.invalid/"


@dataclass
class Access:
    settings: dict
    variables: dict


def access(settings, tokens, bad, issuers, told=("client_id", "name", "email")):
    alice = CALLERS["ADMIN"]
    whoami = {"subject": alice["sub"], "scopes": sorted(alice["scope"].split()), **{key: alice[key] for key in told}}
    variables = {f"TOKEN_{name}": token for name, token in {**tokens, "BAD": bad}.items()}
    return Access(settings, {**variables, "WHOAMI": json.dumps(whoami), "ISSUERS": json.dumps(issuers)})


@contextmanager
def make(source, programs, folder, base_url):
    """Access to the server of the project `source`, whose `programs` are built; `folder` is where it runs."""
    if mint := programs.get(("example", "mint-token")):
        yield minted(mint, folder, base_url)
    elif "API_KEYS" in (source / "src/auth/custom.rs").read_text():
        yield api_keys()
    else:
        with introspection(base_url) as found:
            yield found


def minted(mint, folder, base_url):
    """Option jwt: tokens of the example `mint-token`."""
    def token(claims):
        arguments = [part for key, value in claims.items() for part in (f"--{key.replace('_', '-')}", value)]
        environment = {"BASE_URL": base_url, "AUTH_ISSUER": ISSUER}
        command = [mint, *arguments, "--expires", "10m"]
        return subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True).stdout.strip()

    tokens = {name: token(claims) for name, claims in CALLERS.items()}
    content, _, signature = tokens["ADMIN"].rpartition(".")
    bad = f"{content}.{signature[::-1]}"
    settings = {"AUTH_ISSUER": ISSUER, "JWT_PUBLIC_KEY": "keys/mint-token.public.pem"}
    return access(settings, tokens, bad, [ISSUER])


def api_keys():
    """Option custom with API keys."""
    tokens = {name: secrets.token_urlsafe(32) for name in CALLERS}
    entries = [
        ":".join([claims["sub"], hashlib.sha256(tokens[name].encode()).hexdigest(), claims["scope"].replace(" ", ",")])
        for name, claims in CALLERS.items()
    ]
    return access({"API_KEYS": " ".join(entries)}, tokens, secrets.token_urlsafe(32), [], told=())


@contextmanager
def introspection(base_url):
    """Option custom with introspection, and the endpoint that is asked."""
    tokens = {name: secrets.token_urlsafe(32) for name in CALLERS}
    known = {tokens[name]: claims for name, claims in CALLERS.items()}
    login = "Basic " + base64.b64encode(b"gate-server:gate-secret").decode()

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self):
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            claims = known.get(form["token"][0]) if self.headers["Authorization"] == login else None
            answer = {"active": True, "iss": ISSUER, "aud": f"{base_url}/mcp", **claims} if claims else {"active": False}
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_):
            pass

    endpoint = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=endpoint.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{endpoint.server_port}/introspect"
    settings = {"AUTH_INTROSPECTION_URL": url, "AUTH_CLIENT_ID": "gate-server",
                "AUTH_CLIENT_SECRET": "gate-secret", "AUTH_ISSUER": ISSUER}
    try:
        yield access(settings, tokens, secrets.token_urlsafe(32), [ISSUER])
    finally:
        endpoint.shutdown()
