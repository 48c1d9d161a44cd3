"""The database itself refuses to change or delete what was issued, signed or served."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION papers_refuse_change_of_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.number = '' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'paper % is never deleted', OLD.number;
    END IF;
    IF OLD.number <> '' AND (
        NEW.uid, NEW.form, NEW.form_version, NEW.issuing_organ_id, NEW.handling_organ_id, NEW.entrustment_id,
        NEW.enterprise_id, NEW.answers_id, NEW.title, NEW.prefix, NEW.year, NEW.serial, NEW.number, NEW.body,
        NEW.content, NEW.body_hash, NEW.pdf_sha256, NEW.confirm_code, NEW.issued_at
    ) IS DISTINCT FROM (
        OLD.uid, OLD.form, OLD.form_version, OLD.issuing_organ_id, OLD.handling_organ_id, OLD.entrustment_id,
        OLD.enterprise_id, OLD.answers_id, OLD.title, OLD.prefix, OLD.year, OLD.serial, OLD.number, OLD.body,
        OLD.content, OLD.body_hash, OLD.pdf_sha256, OLD.confirm_code, OLD.issued_at
    ) THEN
        RAISE EXCEPTION 'paper % is issued and never changes', OLD.number;
    END IF;
    IF OLD.state = 'void' AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'paper % is void and stays so', OLD.number;
    END IF;
    IF OLD.effective_at IS NOT NULL AND NEW.effective_at IS DISTINCT FROM OLD.effective_at THEN
        RAISE EXCEPTION 'paper % is served and stays so', OLD.number;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER issued_paper_never_changes BEFORE UPDATE OR DELETE ON papers_paper
    FOR EACH ROW EXECUTE FUNCTION papers_refuse_change_of_issued();
CREATE TRIGGER signature_is_append_only BEFORE UPDATE OR DELETE ON papers_signature
    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();
CREATE TRIGGER service_is_append_only BEFORE UPDATE OR DELETE ON papers_service
    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();
CREATE TRIGGER sealed_copy_is_append_only BEFORE UPDATE OR DELETE ON papers_sealedcopy
    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();
"""
ALLOW = """
DROP TRIGGER sealed_copy_is_append_only ON papers_sealedcopy;
DROP TRIGGER service_is_append_only ON papers_service;
DROP TRIGGER signature_is_append_only ON papers_signature;
DROP TRIGGER issued_paper_never_changes ON papers_paper;
DROP FUNCTION papers_refuse_change_of_issued();
"""


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_first_papers"), ("ground", "0002_audit_is_append_only")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
