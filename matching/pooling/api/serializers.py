"""Pools: which cities, what each has answered. No person in any of them."""

from rest_framework import serializers

from cities.coach.models import Pool, PoolMember
from cities.coach.rules import can_read_invitation
from portal.common.serializers import Linked


class PoolMemberSerializer(serializers.ModelSerializer):
    demand = serializers.SlugRelatedField(slug_field="public_id", read_only=True, help_text="The city’s own demand.")
    city = serializers.CharField(source="demand.organisation.name")
    leads = serializers.SerializerMethodField()
    message = serializers.SerializerMethodField(help_text="For that city, the city that leads and ICLEI; else empty.")

    class Meta:
        model = PoolMember
        fields = ("demand", "city", "leads", "state", "decided_at", "message")

    def get_leads(self, member: PoolMember) -> bool:
        return member.demand.organisation_id == member.pool.demand.organisation_id

    def get_message(self, member: PoolMember) -> str:
        return member.message if can_read_invitation(self.context["request"].user, member) else ""


class PoolSerializer(Linked):
    demand = serializers.SlugRelatedField(slug_field="public_id", read_only=True, help_text="The pooled demand.")
    state = serializers.CharField(source="demand.state", help_text="Of the pooled demand.")
    members = PoolMemberSerializer(many=True)

    class Meta:
        model = Pool
        fields = ("reference", "demand", "state", "members", "created_at", "url")


class PoolAnswerSerializer(serializers.Serializer):
    """What one city says to one proposal; null before it has answered."""

    match = serializers.CharField()
    city = serializers.CharField(read_only=True)
    agrees = serializers.BooleanField(allow_null=True)
    at = serializers.DateTimeField(read_only=True, allow_null=True)


class BeginSerializer(serializers.Serializer):
    demand = serializers.CharField(help_text="Reference of a demand of one’s own city.")


class InviteSerializer(serializers.Serializer):
    demand = serializers.CharField(help_text="Reference of another city’s open demand.")
    message = serializers.CharField(max_length=1500, required=False)


class MoveSerializer(serializers.Serializer):
    demand = serializers.CharField(help_text="Reference of one’s own demand in the pool.")


class SaySerializer(serializers.Serializer):
    match = serializers.CharField(help_text="Reference of the proposal.")
    agrees = serializers.BooleanField()
