from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations
from pgvector.django import VectorExtension


class Migration(migrations.Migration):
    """PostgreSQL extensions the tables rest on. Where the role may not create them, an administrator does it beforehand."""

    initial = True
    dependencies = []
    operations = [TrigramExtension(), VectorExtension()]
