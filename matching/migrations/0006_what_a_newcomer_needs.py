import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0005_lists_by_what_was_found'),
    ]

    operations = [
        migrations.AddField(
            model_name='ranking',
            name='entry',
            field=models.FloatField(help_text='Logit from which a solution that passes would change this; null: any.', null=True),
        ),
        migrations.AddField(
            model_name='ranking',
            name='missed',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, help_text='The solutions of near_misses.', size=None),
        ),
        migrations.AddField(
            model_name='ranking',
            name='near_entry',
            field=models.FloatField(help_text='The same for one that fails a single condition.', null=True),
        ),
        migrations.AddIndex(
            model_name='ranking',
            index=django.contrib.postgres.indexes.GinIndex(fields=['reserve'], name='ranking_reserve'),
        ),
        migrations.AddIndex(
            model_name='ranking',
            index=django.contrib.postgres.indexes.GinIndex(fields=['missed'], name='ranking_missed'),
        ),
    ]
