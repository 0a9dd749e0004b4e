"""A variable that cannot be used is named, shown without its password, and told what is expected."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal import env

Set = Callable[[str], None]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Set:
    return lambda value: monkeypatch.setenv("VARIABLE", value)


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (lambda: env.bool_("VARIABLE", False), "maybe", "1 or 0"),
        (lambda: env.int_("VARIABLE", 1), "1_000", "a whole number"),
        (lambda: env.int_("VARIABLE", 1), "١٢", "a whole number"),
        (lambda: env.int_("VARIABLE", 1, lowest=1, highest=65535), "70000", "at least 1 and at most 65535"),
        (lambda: env.float_("VARIABLE", 1.0), "nan", "a decimal number"),
        (lambda: env.choice_("VARIABLE", "a", ("a", "b")), "c", "one of a, b"),
        (lambda: env.encoder_("VARIABLE", "a", ("a", "b")), "c", "one of a, b, local:/path/of/a/folder"),
        (lambda: env.encoder_("VARIABLE", "a", ("a",)), "local:models/small", "local:/path/of/a/folder"),
        (lambda: env.encoder_("VARIABLE", "a", ("a",)), "https://user:hidden@host/v1", "the key goes elsewhere"),
        (lambda: env.encoder_("VARIABLE", "a", ("a",)), "ftp://host/v1", "https://"),
        (lambda: env.url_("VARIABLE", "http://a"), "portal.example.org", "https://portal.example.org"),
        (lambda: env.url_("VARIABLE", "http://a"), "https://", "a URL with a host"),
        (lambda: env.database_("VARIABLE"), "mysql://host/name", "postgresql://user:password@host:5432/name"),
        (lambda: env.database_("VARIABLE"), "postgresql://host", "the name of a database"),
        (lambda: env.database_("VARIABLE"), "postgresql://host:port/name", "postgresql://"),
        (lambda: env.database_("VARIABLE"), "postgresql:///name?port=x", "a port number"),
        (lambda: env.database_("VARIABLE"), "postgresql://host/name?sslmod=require", "sslmode"),
        (lambda: env.redis_("VARIABLE"), "http://host", "redis://host:6379/0"),
        (lambda: env.redis_("VARIABLE"), "redis:///0", "a host"),
        (lambda: env.redis_("VARIABLE"), "redis://host/zero", "the number of a database"),
        (lambda: env.redis_("VARIABLE"), "unix://", "the path of a socket"),
        (lambda: env.email_("VARIABLE", "console://"), "mail.example.org", "smtp+tls://"),
        (lambda: env.email_("VARIABLE", "console://"), "file://mails", "an absolute folder"),
        (lambda: env.email_("VARIABLE", "console://"), "smtp://", "a host"),
    ],
)
def test_reader_given_nonsense_says_what_is_expected(
    given: Set, read: Callable[[], object], value: str, expected: str
) -> None:
    given(value)
    with pytest.raises(env.SettingError) as caught:
        read()
    message = str(caught.value)
    assert message.startswith("VARIABLE: read ")
    assert expected in message.partition("; expected ")[2]


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (env.database_, "postgresql://user:hidden@host:x/name"),
        (env.database_, "postgresql:///name?password=hidden&nonsense=1"),
        (env.redis_, "redis://:hidden@host/zero"),
        (env.secret_, "hidden"),
    ],
)
def test_message_never_shows_a_password(given: Set, read: Callable[[str], object], value: str) -> None:
    given(value)
    with pytest.raises(env.SettingError) as caught:
        read("VARIABLE")
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("read", [env.str_, env.secret_, env.database_, env.redis_])
@pytest.mark.parametrize("value", ["", "  "])
def test_required_variable_left_empty_counts_as_not_set(given: Set, read: Callable[[str], object], value: str) -> None:
    given(value)
    with pytest.raises(env.SettingError, match="the variable is not set"):
        read("VARIABLE")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("postgresql://u:p%40s@host:5433/name?sslmode=require", ("u", "p@s", "host", "5433", {"sslmode": "require"})),
        ("postgres://u@/name?host=/run/my%20server", ("u", "", "/run/my server", "", {})),
        ("postgresql://u@%2FRun%2FPg/name", ("u", "", "/Run/Pg", "", {})),
        ("postgresql:///name", ("", "", "", "", {})),
        ("postgresql://[::1]:5432/name", ("", "", "::1", "5432", {})),
    ],
)
def test_database_address_is_taken_apart(given: Set, value: str, expected: tuple[Any, ...]) -> None:
    given(value)
    read = env.database_("VARIABLE")
    assert tuple(read[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")) == expected
    assert (read["NAME"], read["ENGINE"]) == ("name", "django.db.backends.postgresql")


@pytest.mark.parametrize(
    ("value", "cache", "broker"),
    [
        ("redis://host", "redis://host/0", "redis://host/1"),
        ("rediss://:p@host:1/3?x=y", "rediss://:p@host:1/3?x=y", "rediss://:p@host:1/4?x=y"),
        ("unix:///run/v.sock", "unix:///run/v.sock?db=0", "redis+socket:///run/v.sock?virtual_host=1"),
        ("unix:///a%20b/v.sock?db=6", "unix:///a%20b/v.sock?db=6", "redis+socket:///a%20b/v.sock?virtual_host=7"),
    ],
)
def test_redis_address_is_spelled_for_cache_and_broker(given: Set, value: str, cache: str, broker: str) -> None:
    given(value)
    read = env.redis_("VARIABLE")
    assert (read.cache(), read.broker()) == (cache, broker)


def test_mail_address_with_starttls_has_its_port_and_a_limit_of_time(given: Set) -> None:
    given("smtp+tls://user:p%2Fw@mail.example.org")
    read = env.email_("VARIABLE", "console://")
    assert (read["EMAIL_HOST"], read["EMAIL_PORT"], read["EMAIL_HOST_PASSWORD"]) == ("mail.example.org", 587, "p/w")
    assert (read["EMAIL_USE_TLS"], read["EMAIL_USE_SSL"]) == (True, False)
    assert read["EMAIL_TIMEOUT"] > 0


def test_list_drops_spaces_and_empty_parts(given: Set) -> None:
    given(" a.example, b.example ,,")
    assert env.list_("VARIABLE") == ["a.example", "b.example"]


def test_path_is_absolute(given: Set) -> None:
    given("state/here")
    assert env.path_("VARIABLE", Path("/x")) == Path.cwd() / "state" / "here"


@pytest.mark.parametrize("value", ["light", "local:/srv/models/small", "https://host/v1", "http://127.0.0.1:8080/v1"])
def test_encoder_is_a_word_a_folder_or_an_address(given: Set, value: str) -> None:
    given(value)
    assert env.encoder_("VARIABLE", "bundled", ("bundled", "light")) == value
