"""Tokens for a generated server, one way per option. Used by `gate.py`.

`make` gives the settings under which the server accepts them, and, once it runs, the variables that tell the clients:
TOKEN_ADMIN (alice, may do everything), TOKEN_USER (somebody else, without mcp:admin), TOKEN_NOTHING (without
mcp:tools), TOKEN_BAD; WHOAMI, what the tool of this name must tell alice; ISSUERS, what the metadata must say.
Where the server logs people in: BROWSER, a program that opens an address as a person would; PERSON_IS, what WHOAMI
must say of that person, besides client and scopes; PROVIDER, what is called where people log in.
"""

import base64
import hashlib
import json
import secrets
import subprocess
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from person import Person

CALLERS = {
    "ADMIN": {"sub": "alice", "scope": "mcp:tools mcp:admin", "client_id": "gate",
              "name": 'Alice "Ä" Example', "email": "alice@example.com"},
    "USER": {"sub": "bob", "scope": "mcp:tools", "client_id": "gate"},
    "NOTHING": {"sub": "carol", "scope": "other", "client_id": "gate"},
}
ISSUER = "https://issuer.invalid/"
# The options that log people in, and how the pages call the provider there.
PROVIDERS = {"github": "GitHub", "google": "Google", "proxy": "127.0.0.1"}


@dataclass
class Access:
    settings: dict
    variables: Callable[[int], dict]
    """Of the port where the server listens."""


def access(settings, tokens, bad, issuers, told=("client_id", "name", "email")):
    alice = CALLERS["ADMIN"]
    whoami = {"subject": alice["sub"], "scopes": sorted(alice["scope"].split()), **{key: alice[key] for key in told}}
    variables = {**variables_of(tokens, bad), "WHOAMI": json.dumps(whoami), "ISSUERS": json.dumps(issuers)}
    return Access(settings, lambda _port: variables)


def variables_of(tokens, bad):
    return {f"TOKEN_{name}": token for name, token in {**tokens, "BAD": bad}.items()}


@contextmanager
def make(source, programs, folder, base_url):
    """Access to the server of the project `source`, whose `programs` are built; `folder` is where it runs."""
    if mint := programs.get(("example", "mint-token")):
        yield minted(mint, folder, base_url)
    elif provider := programs.get(("example", "dev-provider")):
        option = next(name for name in PROVIDERS if (source / f"src/auth/{name}.rs").exists())
        with logins(option, provider, base_url) as found:
            yield found
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
    settings = {"AUTH_ISSUER": ISSUER, "JWT_PUBLIC_KEY": "keys/mint-token.public.pem"}
    return access(settings, tokens, broken(tokens["ADMIN"]), [ISSUER])


def broken(token):
    content, _, signature = token.rpartition(".")
    return f"{content}.{signature[::-1]}"


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


@contextmanager
def logins(option, provider, base_url):
    """Options github, google and proxy: the example `dev-provider`, and logins at the server itself."""
    process = subprocess.Popen([provider], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    settings = {"AUTH_SCOPES": "mcp:tools mcp:admin other"}
    for line in process.stdout:
        name, _, value = line.strip().partition("=")
        settings[name] = value
        if name == "AUTH_SIGNING_KEY":  # the last
            break
    person = {"subject": f"{option}|1", "name": "Alice Example", "email": "alice@example.com"}

    def variables(port):
        alice = Person(detours={urlsplit(base_url).netloc: port})
        scopes = {"ADMIN": "mcp:tools mcp:admin", "USER": "mcp:tools", "NOTHING": "other"}
        # The same person with another client is somebody else to the server.
        found = {name: log_in(alice, base_url, scope) for name, scope in scopes.items()}
        whoami = {**person, "client_id": found["ADMIN"][0], "scopes": sorted(scopes["ADMIN"].split())}
        tokens = {name: token for name, (_, token) in found.items()}
        return {**variables_of(tokens, broken(tokens["ADMIN"])), "WHOAMI": json.dumps(whoami),
                "ISSUERS": json.dumps([base_url]), "PERSON_IS": json.dumps(person),
                "BROWSER": str(Path(__file__).with_name("person.py")),
                "PROVIDER": PROVIDERS[option]}

    try:
        yield Access(settings, variables)
    finally:
        process.terminate()
        process.wait()


def log_in(person, base_url, scope):
    """What a client does to get a token: registers, sends the person to log in, redeems the code. Gives the id of the
    client and the token."""
    def post(path, kind, body):
        answer = person.send("POST", base_url + path, body, {"Content-Type": kind})
        if answer.status >= 400:
            raise RuntimeError(f"{path}: {answer.text}")
        return json.loads(answer.text)

    back = "http://127.0.0.1:9/callback"
    client = post("/register", "application/json", json.dumps({"client_name": "gate", "redirect_uris": [back]}))
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    request = {"response_type": "code", "client_id": client["client_id"], "redirect_uri": back, "state": "gate",
               "scope": scope, "code_challenge": challenge, "code_challenge_method": "S256"}
    came_back = person.visit(f"{base_url}/authorize?{urlencode(request)}", until=back)
    code = parse_qs(urlsplit(came_back).query)["code"][0]
    form = {"grant_type": "authorization_code", "client_id": client["client_id"], "code": code,
            "redirect_uri": back, "code_verifier": verifier}
    answer = post("/token", "application/x-www-form-urlencoded", urlencode(form))
    return client["client_id"], answer["access_token"]
