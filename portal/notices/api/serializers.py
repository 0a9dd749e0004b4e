from django.conf import settings
from rest_framework import serializers

from portal.notices.actions import sentence
from portal.notices.kinds import KINDS
from portal.notices.models import Notice


class NoticeSerializer(serializers.ModelSerializer):
    """The sentence in the language of the request; ``kind`` is the same in all of them."""

    text = serializers.SerializerMethodField()
    why = serializers.SerializerMethodField(help_text="Why this person is told.")
    url = serializers.SerializerMethodField(help_text="The page it leads to.")

    class Meta:
        model = Notice
        fields = ("id", "kind", "text", "why", "created_at", "read_at", "url")

    def get_text(self, notice: Notice) -> str:
        return sentence(notice.kind, notice.params)

    def get_why(self, notice: Notice) -> str:
        return str(KINDS[notice.kind].why)

    def get_url(self, notice: Notice) -> str:
        return f"{settings.SITE_URL.rstrip('/')}/{self.context['request'].user.language}{notice.path}"
