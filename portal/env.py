"""Typed readers of the environment, used by portal/settings.py alone.

Every reader takes the name of a variable and the value it has when nothing is said. A variable that is set to the empty
string counts as not set, because that is what `${NAME:-}` in a compose file gives. A value that cannot be used raises
`SettingError`, which names the variable, shows what was read (passwords hidden) and says what is expected: the portal
refuses to start rather than guess.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

__all__ = [
    "RedisUrl",
    "SettingError",
    "bool_",
    "choice_",
    "database_",
    "email_",
    "encoder_",
    "float_",
    "int_",
    "list_",
    "path_",
    "redis_",
    "secret_",
    "str_",
    "translator_",
    "url_",
]

TRUE: Final = frozenset({"1", "true", "yes", "on"})
FALSE: Final = frozenset({"0", "false", "no", "off"})
POSTGRES_SCHEMES: Final = ("postgresql", "postgres")
REDIS_SCHEMES: Final = ("redis", "rediss", "unix")
EMAIL_SCHEMES: Final = ("file", "smtp", "smtps", "smtp+tls", "console")
# libpq's own words (PostgreSQL manual, 32.1.2): anything else in the query string is more likely a typing error.
LIBPQ_OPTIONS: Final = frozenset(
    {"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name", "options"}
    | {"target_session_attrs", "keepalives", "keepalives_idle", "channel_binding", "gssencmode"}
)


class SettingError(ImproperlyConfigured):
    """A variable of the environment holds something the portal cannot use."""

    def __init__(self, name: str, read: str, expected: str) -> None:
        super().__init__(f"{name}: read {read}; expected {expected}.")


def _raw(name: str) -> str | None:
    return os.environ.get(name, "").strip() or None


def _shown(value: str) -> str:
    """The value as it may appear in a log: passwords of URLs hidden, long values cut."""
    hidden = re.sub(r"(://[^/?#]*?:)[^@/?#]*@", r"\1***@", value)
    hidden = re.sub(r"(?i)(passw(?:or)?d=)[^&]*", r"\1***", hidden)
    return repr(hidden if len(hidden) <= 120 else hidden[:117] + "...")


def str_(name: str, default: str | None = None) -> str:
    """The text as it stands; without a default the variable is required."""
    value = _raw(name)
    if value is not None:
        return value
    if default is None:
        raise SettingError(name, "nothing (the variable is not set)", "a text")
    return default


def secret_(name: str, default: Callable[[], str] | None = None, *, minimum: int = 32) -> str:
    """A secret of at least `minimum` characters, never shown in a message; `default` is called only when needed."""
    value = _raw(name)
    if value is None:
        if default is None:
            raise SettingError(name, "nothing (the variable is not set)", f"a secret of {minimum} characters or more")
        return default()
    if len(value) < minimum:
        raise SettingError(name, f"a text of {len(value)} characters", f"a secret of {minimum} characters or more")
    return value


def bool_(name: str, default: bool) -> bool:
    """1, true, yes, on or 0, false, no, off, in any case."""
    value = _raw(name)
    if value is None:
        return default
    if value.lower() in TRUE | FALSE:
        return value.lower() in TRUE
    raise SettingError(name, _shown(value), "1 or 0 (also true, yes, on, false, no, off)")


def _within(name: str, value: float, lowest: float | None, highest: float | None, expected: str) -> None:
    if (lowest is not None and value < lowest) or (highest is not None and value > highest):
        raise SettingError(name, repr(value), expected)


def _expected(what: str, lowest: float | None, highest: float | None) -> str:
    bounds = [f"at least {lowest}"] if lowest is not None else []
    bounds += [f"at most {highest}"] if highest is not None else []
    return f"{what}, {' and '.join(bounds)}" if bounds else what


def int_(name: str, default: int, *, lowest: int | None = None, highest: int | None = None) -> int:
    """A whole number within the bounds (both included)."""
    value = _raw(name)
    if value is None:
        return default
    expected = _expected("a whole number", lowest, highest)
    # ASCII only: int() also reads "١٢" and "1_000", which no operator means.
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", value):
        raise SettingError(name, _shown(value), expected)
    _within(name, int(value), lowest, highest, expected)
    return int(value)


def float_(name: str, default: float, *, lowest: float | None = None, highest: float | None = None) -> float:
    """A decimal number with a point, within the bounds (both included)."""
    value = _raw(name)
    if value is None:
        return default
    expected = _expected("a decimal number", lowest, highest)
    if not re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?", value):
        raise SettingError(name, _shown(value), expected)
    _within(name, float(value), lowest, highest, expected)
    return float(value)


def list_(name: str, default: Collection[str] = ()) -> list[str]:
    """Texts separated by commas; spaces around them and empty ones are dropped."""
    value = _raw(name)
    return list(default) if value is None else [part.strip() for part in value.split(",") if part.strip()]


def choice_(name: str, default: str, allowed: Collection[str]) -> str:
    """One of the words allowed."""
    value = _raw(name) or default
    if value not in allowed:
        raise SettingError(name, _shown(value), "one of " + ", ".join(allowed))
    return value


def encoder_(name: str, default: str, shipped: Collection[str]) -> str:
    """One of the words allowed, `local:` with the absolute path of a folder, or a web address without credentials."""
    value = _raw(name) or default
    expected = f"one of {', '.join(shipped)}, local:/path/of/a/folder, or https://host/v1 (the key goes elsewhere)"
    if value in shipped:
        return value
    if value.startswith("local:"):
        if not Path(value.removeprefix("local:")).is_absolute():
            raise SettingError(name, _shown(value), expected)
        return value
    if "://" not in value or "@" in value:
        raise SettingError(name, _shown(value), expected)
    return url_(name, value)


def translator_(name: str) -> str:
    """Nothing, `argos`, `python:` with the dotted path of a class, or a web address without credentials."""
    value = _raw(name) or ""
    expected = "nothing, argos, python:package.module.Class, or https://host (the key goes elsewhere)"
    if value in ("", "argos") or re.fullmatch(r"python:(\w+\.)+\w+", value):
        return value
    if "://" not in value or "@" in value:
        raise SettingError(name, _shown(value), expected)
    return url_(name, value)


def path_(name: str, default: Path) -> Path:
    """A path, made absolute from the working directory; `~` is understood, existence is not checked."""
    value = _raw(name)
    if value is not None and "\0" in value:
        raise SettingError(name, _shown(value), "a path")
    return (default if value is None else Path(value).expanduser()).absolute()


def _split(name: str, value: str, schemes: Collection[str], example: str) -> SplitResult:
    expected = f"a URL that starts with {' or '.join(f'{scheme}://' for scheme in schemes)}, for instance {example}"
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  (reading it is what checks it)
    except ValueError:
        raise SettingError(name, _shown(value), expected) from None
    if parts.scheme not in schemes or "://" not in value:
        raise SettingError(name, _shown(value), expected)
    return parts


def url_(name: str, default: str, schemes: Collection[str] = ("https", "http")) -> str:
    """A web address without a slash at its end."""
    value = _raw(name) or default
    parts = _split(name, value, schemes, "https://portal.example.org")
    if not parts.hostname:
        raise SettingError(name, _shown(value), "a URL with a host, for instance https://portal.example.org")
    return value.rstrip("/")


def _query(name: str, parts: SplitResult, allowed: Collection[str], value: str) -> dict[str, str]:
    pairs = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(set(pairs) - set(allowed)):
        raise SettingError(name, f"{_shown(value)} with the option {', '.join(unknown)}", f"only {', '.join(allowed)}")
    return pairs


def database_(name: str = "DATABASE_URL", default: str | None = None) -> dict[str, Any]:
    """The keys of Django's `DATABASES["default"]` from a PostgreSQL URL.

    Over TCP `postgresql://user:password@host:5432/name?sslmode=require`; over a Unix socket
    `postgresql://user@/name?host=/run/postgresql`, libpq's own spelling, or with the folder percent-encoded as host.
    """
    value = str_(name, default)
    parts = _split(name, value, POSTGRES_SCHEMES, "postgresql://user:password@host:5432/name")
    options = _query(name, parts, sorted(LIBPQ_OPTIONS | {"host", "port", "user", "password"}), value)
    # Not `.hostname`: it would lower-case a socket folder given percent-encoded.
    netloc_host = re.sub(r":[0-9]*$", "", parts.netloc.rpartition("@")[2]).strip("[]")
    database = unquote(parts.path.lstrip("/"))
    if not database or "/" in database:
        raise SettingError(name, _shown(value), "the name of a database after the host, for instance …/urbanlink")
    port = options.pop("port", None) or str(parts.port or "")
    if port and not re.fullmatch(r"[0-9]{1,5}", port):
        raise SettingError(name, _shown(value), "a port number")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database,
        "USER": options.pop("user", None) or unquote(parts.username or ""),
        "PASSWORD": options.pop("password", None) or unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(netloc_host),
        "PORT": port,
        "OPTIONS": options,
    }


@dataclass(frozen=True, slots=True)
class RedisUrl:
    """One Redis or Valkey server, spelled for its two readers. `number` is the logical database."""

    scheme: str
    authority: str
    socket: str
    number: int
    options: Mapping[str, str]

    def _with_options(self, base: str, **more: str) -> str:
        query = "&".join(f"{key}={quote(text, safe='/')}" for key, text in {**more, **self.options}.items())
        return f"{base}?{query}" if query else base

    def cache(self) -> str:
        """For redis-py and Django's cache."""
        if self.scheme == "unix":
            return self._with_options(f"unix://{self.authority}{quote(self.socket)}", db=str(self.number))
        return self._with_options(f"{self.scheme}://{self.authority}/{self.number}")

    def broker(self) -> str:
        """For Celery, on the next logical database. Kombu has its own word for a socket and for the database on it."""
        number = str(self.number + 1)
        if self.scheme == "unix":
            return self._with_options(f"redis+socket://{self.authority}{quote(self.socket)}", virtual_host=number)
        return self._with_options(f"{self.scheme}://{self.authority}/{number}")


def redis_(name: str = "REDIS_URL", default: str | None = None) -> RedisUrl:
    """`redis://user:password@host:6379/0`, `rediss://…` with TLS, or `unix:///run/valkey.sock?db=0`.

    The cache uses the logical database named (0 unless said), the broker the next one.
    """
    value = str_(name, default)
    parts = _split(name, value, REDIS_SCHEMES, "redis://host:6379/0 or unix:///run/valkey.sock?db=0")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    on_socket = parts.scheme == "unix"
    number = options.pop("db", None) or ("0" if on_socket else parts.path.strip("/") or "0")
    if not re.fullmatch(r"[0-9]{1,3}", number):
        raise SettingError(name, _shown(value), "the number of a database, for instance redis://host:6379/0")
    if on_socket and not parts.path.strip("/"):
        raise SettingError(name, _shown(value), "the path of a socket, for instance unix:///run/valkey.sock?db=0")
    if not on_socket and not parts.hostname:
        raise SettingError(name, _shown(value), "a host, for instance redis://host:6379/0")
    return RedisUrl(parts.scheme, parts.netloc, unquote(parts.path) if on_socket else "", int(number), options)


def email_(name: str, default: str) -> dict[str, Any]:
    """Django's `EMAIL_…` settings from one URL.

    `file:///folder` writes each mail as a file; `smtp://user:password@host:25` plain, `smtp+tls://…:587` with STARTTLS,
    `smtps://…:465` with TLS from the start; `console://` prints.
    """
    value = _raw(name) or default
    parts = _split(name, value, EMAIL_SCHEMES, "smtp+tls://user:password@mail.example.org:587")
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme == "file":
        if parts.netloc or not parts.path.strip("/"):
            raise SettingError(name, _shown(value), "an absolute folder, for instance file:///srv/mails")
        folder = unquote(parts.path)
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": folder}
    if not parts.hostname:
        raise SettingError(name, _shown(value), "a host, for instance smtp://mail.example.org:25")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        # A mail server that hangs must not hold a worker for ever.
        "EMAIL_TIMEOUT": 20,
    }
