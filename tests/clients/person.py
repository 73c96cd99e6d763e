#!/usr/bin/env python3
"""A person with a browser, as far as a login needs one: follows redirects, keeps cookies, presses buttons of forms.

    person.py URL     what a client opens; goes on until a page asks nothing more

PERSON is who logs in at the provider (default alice); ANSWER is what is pressed on the consent page, approve or deny.
Knows nothing of OAuth, so that a page that is missing or asks twice is noticed. Standard library only.
"""

import http.client
import os
import sys
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

LONGEST = 12  # pages and redirects of one login
FORM = "application/x-www-form-urlencoded"


class Form(HTMLParser):
    """The one form of a page, and the text of the page."""

    def __init__(self, page):
        super().__init__()
        self.method, self.action, self.fields, self.buttons, self.text = None, "", [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        named = (attributes.get("name"), attributes.get("value", ""))
        if tag == "form":
            self.method, self.action = attributes.get("method", "get").upper(), attributes.get("action", "")
        elif tag == "input":
            self.fields.append(named)
        elif tag == "button":
            self.buttons.append(named)

    def handle_data(self, data):
        self.text += data if self.cdata_elem is None else ""


@dataclass
class Answer:
    url: str
    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass
class Person:
    """`presses` are the values of the buttons that this person likes; `detours` gives ports for `host:port`s that
    cannot be reached as they are called; `patience` is how long to wait for somebody who does not listen yet."""

    presses: tuple = ("approve", "alice")
    detours: dict = field(default_factory=dict)
    patience: float = 0
    cookies: dict = field(default_factory=dict)

    def send(self, verb, url, body=None, headers=()):
        """One request."""
        target = urlsplit(url)
        detour = self.detours.get(target.netloc)
        where = ("127.0.0.1", detour) if detour else (target.hostname, target.port)
        cookies = self.cookies.setdefault(target.hostname, {})
        headers = {"Host": target.netloc, "Accept": "*/*", **dict(headers)}
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        connection = http.client.HTTPConnection(*where, timeout=20)
        self.connect(connection)
        connection.request(verb, target.path + (target.query and f"?{target.query}"), body, headers)
        response = connection.getresponse()
        for line in response.headers.get_all("Set-Cookie") or []:
            for morsel in SimpleCookie(line).values():
                cookies[morsel.key] = morsel.value
                if morsel["max-age"] == "0":
                    del cookies[morsel.key]
        answer = Answer(url, response.status, response.headers, response.read().decode())
        connection.close()
        return answer

    def connect(self, connection):
        end = time.monotonic() + self.patience
        while True:
            try:
                return connection.connect()
            except ConnectionRefusedError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def visit(self, url, until=None):
        """Where this leads: to a page without a form, or to an address that begins with `until`; that is not called."""
        verb, body, headers = "GET", None, {}
        for _ in range(LONGEST):
            if until and url.startswith(until):
                return url
            answer = self.send(verb, url, body, headers)
            verb, body, headers = "GET", None, {}
            if 300 <= answer.status < 400:
                url = urljoin(url, answer.headers["Location"])
                continue
            form = Form(answer.text)
            if form.method is None:
                if until or answer.status >= 400:
                    raise RuntimeError(f"{answer.status} at {url.split('?')[0]}: {' '.join(form.text.split())}")
                return url
            pressed = next(button for button in form.buttons if button[1] in self.presses)
            verb, url, body = form.method, urljoin(url, form.action), urlencode([*form.fields, pressed])
            # As browsers say it on a page that wants no referrer.
            headers = {"Content-Type": FORM, "Origin": "null", "Sec-Fetch-Site": "same-origin"}
        raise RuntimeError(f"no end at {url.split('?')[0]}")


if __name__ == "__main__":
    presses = (os.environ.get("ANSWER", "approve"), os.environ.get("PERSON", "alice"))
    Person(presses, patience=10).visit(sys.argv[1])
