"""Events are chained when their transaction commits, and never change after.

Chained while the transaction runs, every writer would hold the chain's lock until its commit: a long import would stop
all others, and two writers that also want each other's rows would deadlock.
"""

from django.db import migrations, models

# The lock is taken before the last event is read: taken after, two writers would chain to the same one. Each statement
# of a plpgsql function sees what was committed before it began, so the reader under the lock sees the last holder's.
FUNCTIONS = """
CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_sequence bigint;
    last_hash text;
BEGIN
    PERFORM pg_advisory_xact_lock(1431456833);
    SELECT sequence, hash INTO last_sequence, last_hash
        FROM audit_auditevent WHERE sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1;
    last_sequence := coalesce(last_sequence, 0) + 1;
    last_hash := coalesce(last_hash, '');
    UPDATE audit_auditevent
        SET sequence = last_sequence, previous_hash = last_hash,
            hash = encode(sha256(convert_to(last_sequence || ':' || last_hash || ':' || content_hash, 'UTF8')), 'hex')
        WHERE id = NEW.id AND sequence IS NULL;
    RETURN NULL;
END $$;

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trace is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
"""
TRIGGERS = """
CREATE CONSTRAINT TRIGGER audit_chain AFTER INSERT ON audit_auditevent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain();
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_auditevent
    FOR EACH ROW WHEN (OLD.sequence IS NOT NULL) EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
"""
BACK = """
DROP TRIGGER audit_chain ON audit_auditevent;
DROP TRIGGER audit_no_update ON audit_auditevent;
DROP TRIGGER audit_no_delete ON audit_auditevent;
DROP FUNCTION audit_chain();
DROP FUNCTION audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.AddField("auditevent", "content_hash", models.CharField(default="", max_length=64), False),
        migrations.AlterField("auditevent", "sequence", models.BigIntegerField(null=True, unique=True)),
        migrations.AlterField("auditevent", "hash", models.CharField(max_length=64, null=True, unique=True)),
        migrations.AlterModelOptions("auditevent", {"ordering": ["sequence", "pk"]}),
        migrations.RunSQL(FUNCTIONS + TRIGGERS, BACK),
    ]
