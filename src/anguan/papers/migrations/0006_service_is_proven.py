"""Failed tries and announcements never change; from now on electronic service rests on a consent."""

from django.db import migrations

# NOT VALID leaves what was served before this rule as it is.
REFUSE = """
CREATE TRIGGER attempt_is_append_only BEFORE UPDATE OR DELETE ON papers_serviceattempt
    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();
CREATE TRIGGER announcement_is_append_only BEFORE UPDATE OR DELETE ON papers_announcement
    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();
ALTER TABLE papers_service ADD CONSTRAINT electronic_service_has_a_consent
    CHECK (method <> 'electronic' OR consent_id IS NOT NULL) NOT VALID;
"""
ALLOW = """
ALTER TABLE papers_service DROP CONSTRAINT electronic_service_has_a_consent;
DROP TRIGGER announcement_is_append_only ON papers_announcement;
DROP TRIGGER attempt_is_append_only ON papers_serviceattempt;
"""


class Migration(migrations.Migration):
    dependencies = [("papers", "0005_service_by_every_way"), ("ground", "0002_audit_is_append_only")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
