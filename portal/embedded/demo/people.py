"""The people of the demo. One password for all, printed at the start: the demo is for one machine."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password

from portal.accounts.actions import grant_staff_role
from portal.accounts.enums import StaffRoleKind
from portal.accounts.models import User

PASSWORD = "urban-link-demo"  # noqa: S105  (printed on purpose, for accounts that exist in the demo alone)
DOMAIN = "demo.urbanlink.example"


@dataclass(frozen=True, slots=True)
class Account:
    email: str
    role: str
    name: str
    language: str = "en"


# Cities and providers of these accounts are named by the keys of the demo's texts.
CITY_ACCOUNTS = {"rancagua-alumbrado": "city", "suwon-lighting": "city.ko"}
STAFF = (
    Account("moderator", StaffRoleKind.MODERATOR, "Ines Albrecht"),
    Account("moderator2", StaffRoleKind.MODERATOR, "Park Ji-won", "ko"),
    Account("neutrality", StaffRoleKind.NEUTRALITY, "Thandi Mokoena"),
    Account("programme", StaffRoleKind.PROGRAMME, "Luc Fontaine", "fr"),
    Account("expert", StaffRoleKind.EXPERT, "Haruka Mori", "ja"),
    Account("admin", StaffRoleKind.ADMINISTRATOR, "Oskar Lind"),
)

# Given names by language of work, taken in turn; surnames are the organisation's own business.
NAMES = {
    "en": ("Amina Okafor", "Grace Njeri", "Daniel Reid", "Priya Nair", "Emily Hart", "Samuel Boateng"),
    "es": ("Lucía Paredes", "Andrés Molina", "Camila Rojas", "Javier Soto", "Elena Campos"),
    "fr": ("Awa Diop", "Julien Mercier", "Claire Bonnet", "Ousmane Traoré"),
    "pt": ("Beatriz Nunes", "Rafael Teixeira", "Carla Macuácua", "Tiago Moreira"),
    "ko": ("김서연", "이준호", "박지민", "최유진"),
    "ja": ("佐藤美咲", "田中健一", "鈴木直子", "高橋誠"),
    "zh-hans": ("王丽", "李强", "张敏"),
}


class People:
    """Makes accounts with one password hash for all: hashing a hundred times would take longer than all the rest."""

    def __init__(self) -> None:
        self._hash = make_password(PASSWORD if settings.DEMO else None)
        self._made: list[int] = []
        self._turn: dict[str, int] = {}

    def make(self, local: str, name: str, language: str, **fields: bool) -> User:
        user = User(email=f"{local}@{DOMAIN}", name=name, language=language, password=self._hash, **fields)
        user.save(force_insert=True)
        EmailAddress(user=user, email=user.email, verified=True, primary=True).save(force_insert=True)
        self._made.append(user.pk)
        return user

    def close(self) -> None:
        """Nobody acts for them any more: no mail goes to their addresses, nobody signs in."""
        User.objects.filter(pk__in=self._made).update(is_active=False)

    def member(self, local: str, language: str) -> User:
        turn = self._turn[language] = self._turn.get(language, -1) + 1
        names = NAMES[language]
        return self.make(local, names[turn % len(names)], language)

    def staff(self) -> dict[str, User]:
        made = {}
        for account in STAFF:
            user = self.make(
                account.email,
                account.name,
                account.language,
                is_staff=account.email == "admin",
                is_superuser=account.email == "admin",
            )
            grant_staff_role(by="demo", user=user, role=account.role)
            made[account.email] = user
        return made


def accounts() -> list[tuple[str, str]]:
    """(role, e-mail) of the accounts worth trying first."""
    rows = [
        ("City official (Spanish)", "city"),
        ("City official (Korean)", "city.ko"),
        ("Provider (English)", "provider"),
        ("Provider (Korean)", "provider.ko"),
        ("ICLEI moderator", "moderator"),
        ("ICLEI moderator (Korean)", "moderator2"),
        ("Neutrality officer", "neutrality"),
        ("Programme manager", "programme"),
        ("Expert", "expert"),
        ("Administrator", "admin"),
    ]
    return [(role, f"{local}@{DOMAIN}") for role, local in rows]
