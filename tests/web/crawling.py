"""Walking through the pages as a person would: from home along every link that is shown, breadth first.

Of each address, plain and filtered apart, only so many different links are followed, those that were found first; no
button is pressed.
"""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

#: What changes the browser itself.
LEFT_ALONE = frozenset({"web:language", "web:large"})


class Links(HTMLParser):
    """The addresses that a page links to."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = {"a": "href", "img": "src", "iframe": "src"}.get(tag)
        if wanted is not None and (value := dict(attrs).get(wanted)):
            self.found.append(value)


class Pattern(NamedTuple):
    """The name of an address, or its path without one, and whether it is filtered."""

    name: str
    filtered: bool


@dataclass
class Walk:
    """What a person met: the pages that opened, and the links that led nowhere with the page that showed each."""

    opened: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    missed: list[str] = field(default_factory=list)


def walk(client: Client, *, most: int, start: str = "/") -> Walk:
    """Follow the links from `start`, `most` of each pattern."""
    done = Walk()
    known, taken = {start}, Counter[Pattern]()
    waiting = deque([(start, "")])
    while waiting:
        url, shown_on = waiting.popleft()
        response = client.get(url, follow=True)
        last = response.redirect_chain[-1][0] if response.redirect_chain else url
        if response.status_code != 200 or last.startswith("/sign-in"):
            done.missed.append(f"{shown_on} → {url} {response.status_code}")
        done.opened.add(name_of(url) or "")
        done.pages.add(url)
        if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
            if response.streaming:
                b"".join(response.streaming_content)
            continue
        for link in links(response.content.decode(), urljoin(url, last)):
            pattern = pattern_of(link)
            if pattern is None or link in known or taken[pattern] >= most:
                continue
            known.add(link)
            taken[pattern] += 1
            waiting.append((link, url))
    return done


def links(page: str, base: str) -> Iterator[str]:
    """Yield the internal addresses of a page, without what stands behind #."""
    parser = Links()
    parser.feed(page)
    for value in parser.found:
        parts = urlsplit(urljoin(base, value))
        if not parts.scheme and not parts.netloc:
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def name_of(url: str) -> str | None:
    """Return the name of an address, None when the pages have no such one."""
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return None


def pattern_of(url: str) -> Pattern | None:
    """Return what an address is one of; None for what is not followed."""
    parts = urlsplit(url)
    if parts.path.startswith(("/static/", "/api/")):
        return None
    name = name_of(url)
    if name in LEFT_ALONE:
        return None
    return Pattern(name or parts.path, bool(parts.query))
