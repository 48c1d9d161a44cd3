"""The database itself refuses to change or delete what a published checklist, item list or criterion says."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION checklists_refuse_change_of_published_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parent_stage text;
BEGIN
    IF TG_TABLE_NAME = 'checklists_checklistitem' THEN
        SELECT stage INTO parent_stage FROM checklists_checklist WHERE id = OLD.checklist_id;
    ELSE
        SELECT stage INTO parent_stage FROM checklists_itemlist WHERE id = OLD.item_list_id;
    END IF;
    IF parent_stage <> 'draft' THEN
        RAISE EXCEPTION '% % belongs to a published version and never changes', TG_TABLE_NAME, OLD.id;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;
CREATE FUNCTION checklists_refuse_change_of_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- What may still be written on a published version: that it is withdrawn, from when and why.
    may_change text[] := ARRAY['stage', 'withdrawn_from', 'withdrawn_reason'];
BEGIN
    IF OLD.stage = 'draft' THEN
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% % is a published version and is never deleted', TG_TABLE_NAME, OLD.id;
    END IF;
    IF to_jsonb(NEW) - may_change IS DISTINCT FROM to_jsonb(OLD) - may_change
        OR (NEW.stage, OLD.stage) NOT IN (('published', 'published'), ('withdrawn', 'published'))
            AND NEW IS DISTINCT FROM OLD
    THEN
        RAISE EXCEPTION '% % is a published version and never changes', TG_TABLE_NAME, OLD.id;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER published_question_never_changes BEFORE UPDATE OR DELETE ON checklists_checklistitem
    FOR EACH ROW EXECUTE FUNCTION checklists_refuse_change_of_published_row();
CREATE TRIGGER published_matter_never_changes BEFORE UPDATE OR DELETE ON checklists_inspectionitem
    FOR EACH ROW EXECUTE FUNCTION checklists_refuse_change_of_published_row();
CREATE TRIGGER published_checklist_never_changes BEFORE UPDATE OR DELETE ON checklists_checklist
    FOR EACH ROW EXECUTE FUNCTION checklists_refuse_change_of_version();
CREATE TRIGGER published_item_list_never_changes BEFORE UPDATE OR DELETE ON checklists_itemlist
    FOR EACH ROW EXECUTE FUNCTION checklists_refuse_change_of_version();
CREATE TRIGGER published_criterion_never_changes BEFORE UPDATE OR DELETE ON checklists_criterion
    FOR EACH ROW EXECUTE FUNCTION checklists_refuse_change_of_version();
"""
ALLOW = """
DROP TRIGGER published_criterion_never_changes ON checklists_criterion;
DROP TRIGGER published_item_list_never_changes ON checklists_itemlist;
DROP TRIGGER published_checklist_never_changes ON checklists_checklist;
DROP TRIGGER published_matter_never_changes ON checklists_inspectionitem;
DROP TRIGGER published_question_never_changes ON checklists_checklistitem;
DROP FUNCTION checklists_refuse_change_of_version();
DROP FUNCTION checklists_refuse_change_of_published_row();
"""


class Migration(migrations.Migration):
    dependencies = [("checklists", "0002_versions_and_criteria")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
