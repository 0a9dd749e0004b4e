from django.apps import AppConfig


class IntroductionsConfig(AppConfig):
    name = "matching.introductions"
    label = "introductions"

    def ready(self) -> None:
        from matching.introductions import jobs, letters  # noqa: F401  (register handlers and what mails enclose)
