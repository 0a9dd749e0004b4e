"""What an e-mail or web address says about the body behind it: its own domain, or nothing."""

from functools import cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

# Anybody may have an address here, so that it says nothing about an employer.
FREE_MAIL = frozenset(
    {
        "126.com", "139.com", "163.com", "189.cn", "aliyun.com", "aol.com", "bol.com.br", "daum.net", "docomo.ne.jp",
        "ezweb.ne.jp", "fastmail.com", "foxmail.com", "free.fr", "freenet.de", "gmail.com", "gmx.at", "gmx.ch",
        "gmx.com", "gmx.de", "gmx.fr", "gmx.net", "googlemail.com", "hanmail.net", "hey.com", "hotmail.co.jp",
        "hotmail.co.uk", "hotmail.com", "hotmail.com.br", "hotmail.es", "hotmail.fr", "icloud.com", "ig.com.br",
        "kakao.com", "laposte.net", "libero.it", "live.com", "live.fr", "mac.com", "mail.com", "mail.ru", "me.com",
        "msn.com", "nate.com", "naver.com", "orange.fr", "outlook.com", "outlook.com.br", "outlook.es", "outlook.fr",
        "outlook.jp", "proton.me", "protonmail.com", "qq.com", "rediffmail.com", "rocketmail.com", "sfr.fr",
        "sina.com", "sina.cn", "sohu.com", "softbank.ne.jp", "t-online.de", "tuta.com", "tutanota.com", "uol.com.br",
        "wanadoo.fr", "web.de", "yahoo.ca", "yahoo.co.jp", "yahoo.co.kr", "yahoo.co.uk", "yahoo.com", "yahoo.com.br",
        "yahoo.com.mx", "yahoo.de", "yahoo.es", "yahoo.fr", "yandex.ru", "yeah.net", "ymail.com", "zoho.com",
    }
)  # fmt: skip
# Reserved for examples (RFC 2606): nobody works there.
NOT_REAL = frozenset({"example.com", "example.net", "example.org"})
NOT_REAL_ENDS = (".example", ".invalid", ".localhost", ".test")


@cache
def _suffixes() -> PublicSuffixList:
    """The list that comes with the package; nothing is fetched."""
    return PublicSuffixList()


def own_domain(host: str) -> str:
    """What somebody registered: ``ulm.de`` of ``mail.ulm.de``, ``seoul.go.kr``. Empty where it says nothing."""
    host = host.strip().rstrip(".").lower()
    try:
        host = host.encode("idna").decode("ascii") if host and not host.isascii() else host
    except UnicodeError:
        return ""
    if not host or host.endswith(NOT_REAL_ENDS):
        return ""
    domain = _suffixes().privatesuffix(host) or ""
    return "" if domain in FREE_MAIL or domain in NOT_REAL else str(domain)


def domain_of_email(email: str) -> str:
    return own_domain(email.rpartition("@")[2]) if "@" in email else ""


def domain_of_website(url: str) -> str:
    try:
        return own_domain(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def is_free_mail(email: str) -> bool:
    """Whether anybody could have this address: a free provider's, or none that is registered to a body."""
    return not domain_of_email(email)
