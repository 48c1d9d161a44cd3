"""A form version is never changed or deleted, only followed by the next."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER form_version_is_append_only BEFORE UPDATE OR DELETE ON papers_formversion
    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();
"""
ALLOW = "DROP TRIGGER form_version_is_append_only ON papers_formversion;"


class Migration(migrations.Migration):
    dependencies = [("papers", "0007_forms_are_data"), ("ground", "0002_audit_is_append_only")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
