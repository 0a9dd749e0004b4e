from django.db import migrations, models
from django.db.models import Q

KINDS = ["organisation", "demand", "solution", "match", "application"]
CHOICES = [
    ("organisation", "The verification of an organisation"),
    ("demand", "A decision on a demand"),
    ("solution", "A decision on a solution"),
    ("match", "A decision on a match"),
    ("application", "A decision on an application"),
]


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="complaint", name="complaint_about_known"),
        migrations.AlterField("complaint", "about", models.CharField(choices=CHOICES, max_length=16)),
        migrations.AlterField("flag", "about", models.CharField(choices=CHOICES, max_length=16)),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(name="complaint_about_known", condition=Q(about__in=KINDS)),
        ),
    ]
