from django.apps import AppConfig


class PoolingConfig(AppConfig):
    name = "matching.pooling"
    label = "pooling"

    def ready(self) -> None:
        from matching.pooling import notices  # noqa: F401
