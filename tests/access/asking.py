"""Requests as somebody, and what came of them in one word."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from django.conf import urls
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpResponseBase, HttpResponseNotFound
from django.test import Client
from django.urls import reverse

from tests.access.world import AccessWorld

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OPEN, LOGIN, ABSENT, FORBIDDEN, METHOD, BROKEN = "open", "login", "absent", "forbidden", "method", "broken"
ENTRANCES = ("/account/login/", "/account/signup/")


@dataclass(frozen=True, slots=True)
class Answer:
    word: str
    status: int
    body: str
    location: str = ""


class Asking(Client):
    """A client that keeps no copy of each template and context for tests to look at: they cost a fifth of a page."""

    def request(self, **request: Any) -> Any:
        response = self.handler(self._base_environ(**request))
        self.cookies.update(response.cookies)
        return response


def client_of(user: Any) -> Client:
    client = Asking(raise_request_exception=False)
    if not isinstance(user, AnonymousUser):
        client.force_login(user, backend=BACKEND)
    return client


class Asker:
    """One client for each person. Whatever a request changes is undone, so that the next one finds the same world."""

    def __init__(self, world: AccessWorld, clients: dict[str, Client]) -> None:
        self.world, self.clients = world, clients

    def ask(self, name: str, method: str, path: str, data: Any = None, *, is_brief: bool = False) -> Answer:
        """``is_brief``: the page for what is not there is left out."""
        client = self.clients[name]
        cookies = {key: morsel.value for key, morsel in client.cookies.items()}
        with transaction.atomic(), without_page_for_absent() if is_brief else nullcontext():
            response = getattr(client, method.lower())(path, data, headers={"accept": "text/html, */*"})
            answer = Answer(word_for(response), response.status_code, body_of(response), response.get("Location", ""))
            transaction.set_rollback(True)
        client.cookies.clear()
        for key, value in cookies.items():
            client.cookies[key] = value
        return answer


@contextmanager
def without_page_for_absent() -> Iterator[None]:
    """Half of the answers are this page, made for everybody by the same template: it is most of what they cost."""
    with patch.object(urls, "handler404", lambda request, exception: HttpResponseNotFound()):
        yield


def word_for(response: HttpResponseBase) -> str:
    status = response.status_code
    if status in (301, 302, 303):
        entrance = response["Location"].partition("?")[0]
        asks = entrance.endswith(ENTRANCES) and "next=" in response["Location"]
        return LOGIN if asks else OPEN
    if status >= 500:
        return BROKEN
    return {404: ABSENT, 401: FORBIDDEN, 403: FORBIDDEN, 405: METHOD}.get(status, OPEN)


def body_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return html.unescape(content.decode("utf-8", "replace"))


def shape_of(answer: Answer, path: str) -> tuple[int, str]:
    """Status and body without what names the address or changes from one answer to the next."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.body)
    # The address in each language, and the one without any.
    return answer.status, body.replace(re.sub(r"^/en/", "/", path), "/…/")


def path_of(route: str, arguments: dict[str, Any]) -> str:
    return reverse(route, kwargs=arguments or None)
