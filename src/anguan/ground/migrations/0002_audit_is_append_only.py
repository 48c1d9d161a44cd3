"""The database itself refuses to change or delete audit records, seals and evidence rows."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION ground_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER audit_record_is_append_only BEFORE UPDATE OR DELETE ON ground_auditrecord
    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();
CREATE TRIGGER audit_seal_is_append_only BEFORE UPDATE OR DELETE ON ground_auditseal
    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();
CREATE TRIGGER evidence_is_append_only BEFORE UPDATE OR DELETE ON ground_evidence
    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();
"""
ALLOW = """
DROP TRIGGER evidence_is_append_only ON ground_evidence;
DROP TRIGGER audit_seal_is_append_only ON ground_auditseal;
DROP TRIGGER audit_record_is_append_only ON ground_auditrecord;
DROP FUNCTION ground_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("ground", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
