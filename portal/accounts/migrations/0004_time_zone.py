from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_ties_and_evidence")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="time_zone",
            field=models.CharField(
                blank=True, default="", help_text="Empty: see days.day_at.", max_length=60, verbose_name="Time zone"
            ),
            preserve_default=False,
        ),
    ]
