"""FastMCP's client logs in by itself, gets more rights, refreshes, and is revoked. Started by `run`, which counts what
it prints.

    fastmcp_login.py MODE      legacy, auto, or a revision

BROWSER is the program that it opens; with DOCUMENT, the address of its metadata document, it does not register.
"""

import asyncio
import json
import logging
import os
import sys
import warnings
import webbrowser

import httpx2
from fastmcp import Client
from fastmcp.client.auth import OAuth
from fastmcp.client.transports import StreamableHttpTransport
from key_value.aio.stores.memory import MemoryStore

URL, DOCUMENT = os.environ["MCP_URL"], os.environ.get("DOCUMENT")
TOOLS, MORE = ["mcp:tools"], ["mcp:admin", "mcp:tools"]
logging.disable()  # its errors are looked at below
warnings.simplefilter("ignore")  # that its tokens are kept in memory only


class Browser(webbrowser.BackgroundBrowser):
    """Opens addresses with the program BROWSER, and counts them."""

    opened = 0

    def open(self, url, new=0, autoraise=True):
        self.opened += 1
        return super().open(url, new, autoraise)


class Recorder:
    """What the server answered: FastMCP's errors do not tell it all."""

    seen = []

    @classmethod
    def client(cls, **options):
        async def note(response):
            cls.seen.append((response.request.url.path, response.status_code))

        return httpx2.AsyncClient(event_hooks={"response": [note]}, **options)


browser = Browser([os.environ["BROWSER"], "%s"])
webbrowser.register("person", None, browser, preferred=True)
store = MemoryStore()


def client_of_today():
    """A client that finds what the former one has stored."""
    return OAuth(URL, token_storage=store, client_name="FastMCP, at the gate", client_metadata_url=DOCUMENT,
                 callback_timeout=20)


async def call(oauth, tool, **arguments):
    Recorder.seen.clear()
    transport = StreamableHttpTransport(URL, auth=oauth, httpx_client_factory=Recorder.client)
    async with Client(transport, mode=sys.argv[1]) as client:
        return (await client.call_tool(tool, arguments)).content[0].text


async def refused(oauth, tool, **arguments):
    """Whether a call that must not succeed failed because the person at the browser said no."""
    os.environ["ANSWER"] = "deny"
    try:
        return await call(oauth, tool, **arguments)
    except Exception as error:
        return "denied" if "Access was denied" in repr(error) else repr(error)
    finally:
        del os.environ["ANSWER"]


def check(name, got, expected):
    print(f"ok {name}" if got == expected else f"FAILED {name}: {got!r} instead of {expected!r}", flush=True)


def tell(tokens):
    print(f"secret {tokens.access_token}\nsecret {tokens.refresh_token}")


async def main():
    oauth = client_of_today()
    told = json.loads(await call(oauth, "whoami"))
    tokens = oauth.context.current_tokens
    client_id = oauth.context.client_info.client_id
    expected = {**json.loads(os.environ["PERSON_IS"]), "client_id": client_id, "scopes": TOOLS}
    check("logs in and calls whoami", told, expected)
    check("has registered, or has not if it has a document", client_id.startswith("https://"), bool(DOCUMENT))
    check("the person was asked once", browser.opened, 1)

    denied = await refused(oauth, "restricted_action", data="x")
    check("gets 403 without the scope, and asks the person, who says no",
          (denied, ("/mcp", 403) in Recorder.seen, browser.opened), ("denied", True, 2))
    answer = await call(oauth, "restricted_action", data="x")
    check("gets the scope when the person says yes", (answer, browser.opened), ("Processed for an administrator: x", 3))
    tell(tokens)
    tokens = oauth.context.current_tokens
    check("its new token has all scopes", sorted(tokens.scope.split()), MORE)

    oauth = client_of_today()
    await call(oauth, "whoami")
    check("finds its tokens again after a restart", (oauth.context.current_tokens, browser.opened), (tokens, 3))
    oauth.context.token_expiry_time = 1
    told = json.loads(await call(oauth, "whoami"))
    newer = oauth.context.current_tokens
    check("refreshes when its token has expired, without asking", (told["scopes"], browser.opened), (MORE, 3))
    are_new = (newer.access_token != tokens.access_token, newer.refresh_token != tokens.refresh_token)
    check("both tokens are new", are_new, (True, True))
    tell(tokens)
    tell(newer)

    root = URL.removesuffix("/mcp")
    async with Recorder.client() as http:
        metadata = (await http.get(root + "/.well-known/oauth-authorization-server")).json()
        form = {"token": newer.refresh_token, "client_id": client_id}
        revoked = await http.post(metadata["revocation_endpoint"], data=form)
        check("revokes its tokens", revoked.status_code, 200)
        form = {"grant_type": "refresh_token", "refresh_token": newer.refresh_token, "client_id": client_id}
        answer = await http.post(metadata["token_endpoint"], data=form)
        check("cannot refresh after that", (answer.status_code, answer.json()["error"]), (400, "invalid_grant"))
    denied = await refused(oauth, "whoami")
    check("gets 401 after that, and asks the person again",
          (denied, ("/mcp", 401) in Recorder.seen, browser.opened), ("denied", True, 4))


asyncio.run(main())
