"""The equal-information log takes no change: what was shown to whom stays as it was noted."""

from django.db import migrations

THERE = """
CREATE FUNCTION showing_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the equal-information log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER showing_no_change BEFORE UPDATE OR DELETE ON introductions_showing
    FOR EACH ROW EXECUTE FUNCTION showing_refuse();
"""
BACK = "DROP TRIGGER showing_no_change ON introductions_showing; DROP FUNCTION showing_refuse();"


class Migration(migrations.Migration):
    dependencies = [("introductions", "0001_introductions")]

    operations = [migrations.RunSQL(THERE, BACK)]
