"""What the MCP specification asks of a protected server, checked with bare HTTP requests of revision 2026-07-28.

Started by `run`, which counts what this prints. Knows no SDK, so that no SDK can paper over anything.
"""

import http.client
import json
import os
import re
from urllib.parse import urlsplit

URL = os.environ["MCP_URL"]
ADMIN, USER, BAD = (os.environ[f"TOKEN_{name}"] for name in ("ADMIN", "USER", "BAD"))
PAGE = "https://page.example"  # listed in ALLOWED_ORIGINS
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": {"name": "http_checks", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.text = response.status, response.headers, response.read().decode()

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def challenge(self):
        """The parameters of WWW-Authenticate, as a client reads them."""
        scheme, _, parameters = (self.headers["WWW-Authenticate"] or "").partition(" ")
        return {"scheme": scheme, **dict(re.findall(r'(\w+)="([^"]*)"', parameters))}


def send(verb, url, headers=(), body=None):
    target = urlsplit(url)
    connection = http.client.HTTPConnection(target.hostname, target.port, timeout=10)
    headers = list(headers)
    connection.putrequest(verb, target.path + (target.query and f"?{target.query}"),
                          skip_host=any(name == "Host" for name, _ in headers))
    for name, value in headers + [("Content-Length", str(len(body or b"")))]:
        connection.putheader(name, value)
    connection.endheaders(body)
    return Answer(connection.getresponse())


def bearer(token):
    return [("Authorization", f"Bearer {token}")]


def ask(method, headers, url=URL, header_name=None, **params):
    """A stateless request."""
    body = {"jsonrpc": "2.0", "id": 7, "method": method, "params": {**params, "_meta": META}}
    standard = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream",
                "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method}
    if name := header_name or params.get("name"):
        standard["Mcp-Name"] = name
    return send("POST", url, [*standard.items(), *headers], json.dumps(body).encode())


def call(tool, headers, **more):
    return ask("tools/call", headers, name=tool, arguments={"data": "x"}, **more)


def initialize(headers):
    """Opens a session, as clients of 2025-11-25 do; gives its id."""
    params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
    kind = [("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream")]
    answer = send("POST", URL, [*kind, *headers], json.dumps(body).encode())
    return answer.headers["Mcp-Session-Id"]


def check(name, got, expected):
    print(f"ok {name}" if got == expected else f"FAILED {name}: {got!r} instead of {expected!r}")


def main():
    answer = call("protected_action", bearer(ADMIN))
    check("a stateless call is answered with JSON",
          (answer.status, answer.headers["Content-Type"], answer.json["result"]["content"][0]["text"]),
          (200, "application/json", "Processed: x"))
    check("answers are not stored by caches", answer.headers["Cache-Control"], "no-store")
    check("the scheme is case-insensitive", call("whoami", [("authorization", f"bEARER {ADMIN}")]).status, 200)
    answer = ask("tools/list", bearer(USER))
    check("a filtered list is private", answer.json["result"]["cacheScope"], "private")

    anonymous = call("protected_action", [])
    metadata_url = anonymous.challenge.get("resource_metadata", URL)
    check("no token: 401 with a challenge that names no error", (anonymous.status, anonymous.challenge),
          (401, {"scheme": "Bearer", "resource_metadata": metadata_url, "scope": "mcp:tools"}))
    answer = send("GET", metadata_url)
    document = answer.json
    check("the challenge leads to the metadata of this very URL", (answer.status, document["resource"]), (200, URL))
    check("the metadata names the issuers", document.get("authorization_servers", []), json.loads(os.environ["ISSUERS"]))
    check("the metadata names the scopes", sorted(document["scopes_supported"]), ["mcp:admin", "mcp:tools"])
    root, path = URL.removesuffix("/mcp"), "/.well-known/oauth-protected-resource"
    check("the metadata is at both places",
          [send("GET", root + path + suffix).json for suffix in ("", "/mcp")], [document, document])
    answer = call("protected_action", bearer(BAD))
    check("a bad token: 401 invalid_token", (answer.status, answer.challenge.get("error")), (401, "invalid_token"))
    answer = call("restricted_action", bearer(USER))
    check("a missing scope: 403 with all scopes that are needed",
          (answer.status, answer.challenge.get("error"), sorted(answer.challenge.get("scope", "").split())),
          (403, "insufficient_scope", ["mcp:admin", "mcp:tools"]))
    check("a token for nothing: 403", ask("tools/list", bearer(os.environ["TOKEN_NOTHING"])).status, 403)

    check("GET and DELETE need a token", [send(verb, URL).status for verb in ("GET", "DELETE")], [401, 401])
    in_query = call("protected_action", [], url=f"{URL}?access_token={ADMIN}")
    check("a token in the query is refused", in_query.status in (400, 401), True)
    twice = call("protected_action", bearer(ADMIN) + bearer(ADMIN))
    check("two tokens are refused", twice.status in (400, 401), True)
    answer = call("restricted_action", bearer(USER), header_name="protected_action")
    check("a header that contradicts the body is refused", answer.status in (400, 403), True)

    check("a foreign Host is refused", call("whoami", bearer(ADMIN) + [("Host", "evil.example")]).status, 403)
    foreign = [("Origin", "https://evil.example")]
    check("a foreign Origin is refused", call("whoami", bearer(ADMIN) + foreign).status, 403)
    preflight = send("OPTIONS", URL, [("Origin", PAGE), ("Access-Control-Request-Method", "POST"),
                                      ("Access-Control-Request-Headers", "authorization, mcp-method")])
    check("a listed page may ask without a token",
          (preflight.status // 100, preflight.headers["Access-Control-Allow-Origin"]), (2, PAGE))
    seen = call("whoami", [("Origin", PAGE)]).headers["Access-Control-Expose-Headers"] or ""
    check("a listed page sees the challenge", "www-authenticate" in seen.lower(), True)

    session = [("Mcp-Session-Id", initialize(bearer(ADMIN)))]
    check("a session is closed to others", send("GET", URL, bearer(USER) + session).status, 404)
    check("a session is closed without a token", send("DELETE", URL, session).status, 401)
    check("a session is its owner's to end", send("DELETE", URL, bearer(ADMIN) + session).status // 100, 2)
    check("the health page is public", send("GET", root + "/health").status, 200)
    check("other paths are not found", send("GET", root + "/other").status, 404)


main()
