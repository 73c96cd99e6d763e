"""Drives a generated server with FastMCP's client. Started by `run`, which counts what it prints.

    fastmcp_client.py MODE      legacy, auto, or a revision; REVISION says what that must lead to
"""

import asyncio
import json
import os
import sys

import httpx2
from fastmcp import Client
from fastmcp.client.transports import StreamableHttpTransport

ALL_TOOLS = ["protected_action", "restricted_action", "whoami"]
statuses = []  # of the HTTP responses: FastMCP's errors do not tell them


def http_client(**options):
    async def note(response):
        statuses.append(response.status_code)

    return httpx2.AsyncClient(event_hooks={"response": [note]}, **options)


def connect(token):
    auth = token and os.environ[token]
    url = os.environ["MCP_URL"]
    transport = StreamableHttpTransport(url, auth=auth, httpx_client_factory=http_client)
    return Client(transport, mode=sys.argv[1])


async def call(client, tool, **arguments):
    return (await client.call_tool(tool, arguments)).content[0].text


async def refusal(token, tool):
    """The HTTP status of a call that must not succeed."""
    try:
        async with connect(token) as client:
            statuses.clear()
            return await call(client, tool, data="x")
    except Exception:
        return next((status for status in statuses if status >= 400), "no refusal")


def check(name, got, expected):
    print(f"ok {name}" if got == expected else f"FAILED {name}: {got!r} instead of {expected!r}")


async def main():
    async with connect("TOKEN_ADMIN") as client:
        check("speaks the revision", client.protocol_version, os.environ["REVISION"])
        check("lists all tools", sorted(tool.name for tool in await client.list_tools()), ALL_TOOLS)
        check("calls protected_action", await call(client, "protected_action", data="é"), "Processed: é")
        check("calls whoami", json.loads(await call(client, "whoami")), json.loads(os.environ["WHOAMI"]))
        answer = await call(client, "restricted_action", data="x")
        check("calls restricted_action", answer, "Processed for an administrator: x")
    async with connect("TOKEN_USER") as client:
        names = sorted(tool.name for tool in await client.list_tools())
        check("is not shown restricted_action without its scope", names, ["protected_action", "whoami"])
    check("gets 403 without the scope", await refusal("TOKEN_USER", "restricted_action"), 403)
    statuses.clear()
    check("gets 401 without a token", await refusal(None, "protected_action"), 401)
    statuses.clear()
    check("gets 401 with a bad token", await refusal("TOKEN_BAD", "protected_action"), 401)


asyncio.run(main())
