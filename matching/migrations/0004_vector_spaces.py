from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0003_left_out'),
    ]

    operations = [
        migrations.CreateModel(
            name='VectorSpace',
            fields=[
                ('id', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('name', models.CharField(help_text='The setting that asked for it.', max_length=500)),
                ('directions', models.BinaryField(null=True)),
                ('is_current', models.BooleanField(default=False)),
                ('since', models.DateTimeField(blank=True, help_text='When it was put in force last.', null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('is_current',), name='vector_space_one'), models.CheckConstraint(condition=models.Q(('is_current', False), ('since__isnull', False), _connector='OR'), name='vector_space_since_when')],
            },
        ),
    ]
