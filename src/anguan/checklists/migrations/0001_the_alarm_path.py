import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models

import anguan.checklists.rules.criteria
import anguan.checklists.rules.sheets
import anguan.checklists.rules.stages
import anguan.ground.tables


class Migration(migrations.Migration):
    replaces = [
        ("checklists", "0001_first_checklists"),
        ("checklists", "0002_versions_and_criteria"),
        ("checklists", "0003_published_versions_are_fixed"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_the_alarm_path"),
    ]

    operations = [
        anguan.ground.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name="Checklist",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("draft", "草稿"),
                                    ("published", "已公布"),
                                    ("withdrawn", "已停用"),
                                    ("discarded", "已作废"),
                                ],
                                default=anguan.checklists.rules.stages.Stage["DRAFT"],
                                max_length=12,
                                verbose_name="版本状态",
                            ),
                        ),
                        ("effective_from", models.DateField(blank=True, null=True, verbose_name="施行日期")),
                        ("withdrawn_from", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                        ("withdrawn_reason", models.CharField(blank=True, max_length=300, verbose_name="停用理由")),
                        ("drafted_at", models.DateTimeField(blank=True, null=True, verbose_name="起草时间")),
                        ("drafted_by_name", models.CharField(blank=True, max_length=60, verbose_name="起草人")),
                        ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公布时间")),
                        ("published_by_name", models.CharField(blank=True, max_length=60, verbose_name="公布人")),
                        ("code", models.CharField(max_length=40, verbose_name="编号")),
                        ("version", models.CharField(max_length=40, verbose_name="版本")),
                        ("title", models.CharField(max_length=150, verbose_name="名称")),
                        ("industry", models.CharField(max_length=60, verbose_name="适用行业")),
                        (
                            "based_on",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="successors",
                                to="checklists.checklist",
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.organ",
                                verbose_name="机构",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "检查表",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("code", "version"), name="one_checklist_of_a_code_and_version"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("stage", anguan.checklists.rules.stages.Stage["DRAFT"])),
                                fields=("code",),
                                name="one_draft_of_a_checklist_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "stage__in",
                                        [
                                            anguan.checklists.rules.stages.Stage["DRAFT"],
                                            anguan.checklists.rules.stages.Stage["DISCARDED"],
                                        ],
                                    ),
                                    ("effective_from__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_published_checklist_says_from_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("stage", anguan.checklists.rules.stages.Stage["WITHDRAWN"]),
                                        ("withdrawn_from__isnull", False),
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("stage", anguan.checklists.rules.stages.Stage["WITHDRAWN"]), _negated=True
                                        ),
                                        ("withdrawn_from__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_withdrawn_checklist_says_until_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Criterion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("draft", "草稿"),
                                    ("published", "已公布"),
                                    ("withdrawn", "已停用"),
                                    ("discarded", "已作废"),
                                ],
                                default=anguan.checklists.rules.stages.Stage["DRAFT"],
                                max_length=12,
                                verbose_name="版本状态",
                            ),
                        ),
                        ("effective_from", models.DateField(blank=True, null=True, verbose_name="施行日期")),
                        ("withdrawn_from", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                        ("withdrawn_reason", models.CharField(blank=True, max_length=300, verbose_name="停用理由")),
                        ("drafted_at", models.DateTimeField(blank=True, null=True, verbose_name="起草时间")),
                        ("drafted_by_name", models.CharField(blank=True, max_length=60, verbose_name="起草人")),
                        ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公布时间")),
                        ("published_by_name", models.CharField(blank=True, max_length=60, verbose_name="公布人")),
                        ("clause", models.CharField(max_length=60, verbose_name="条款")),
                        ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版本")),
                        ("summary", models.CharField(max_length=300, verbose_name="判定情形")),
                        (
                            "judgement",
                            models.CharField(
                                choices=[("direct", "直接判定"), ("comprehensive", "综合判定")],
                                default=anguan.checklists.rules.criteria.Judgement["DIRECT"],
                                max_length=16,
                                verbose_name="判定方式",
                            ),
                        ),
                        ("evidence", models.CharField(blank=True, max_length=300, verbose_name="需要的证据")),
                        (
                            "tag",
                            models.CharField(
                                choices=[
                                    ("L", "已读原文"),
                                    ("V", "见于公开转载"),
                                    ("M", "凭记忆"),
                                    ("D", "本平台设定"),
                                ],
                                default=anguan.checklists.rules.criteria.Mark["MEMORY"],
                                max_length=1,
                                verbose_name="证据级别",
                            ),
                        ),
                        ("verified", models.BooleanField(default=False, verbose_name="已核对原文")),
                        (
                            "based_on",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="successors",
                                to="checklists.criterion",
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.organ",
                                verbose_name="机构",
                            ),
                        ),
                        (
                            "standard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="criteria",
                                to="checklists.standard",
                                to_field="number",
                                verbose_name="标准编号",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "判定条款",
                        "ordering": ["standard", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("standard", "clause", "version"), name="one_criterion_of_a_clause_and_version"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("stage", anguan.checklists.rules.stages.Stage["DRAFT"])),
                                fields=("standard", "clause"),
                                name="one_draft_of_a_criterion_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("verified", False),
                                    ("tag", anguan.checklists.rules.criteria.Mark["READ"]),
                                    _connector="OR",
                                ),
                                name="only_what_was_read_in_full_is_verified",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "stage__in",
                                        [
                                            anguan.checklists.rules.stages.Stage["DRAFT"],
                                            anguan.checklists.rules.stages.Stage["DISCARDED"],
                                        ],
                                    ),
                                    ("effective_from__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_published_criterion_says_from_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("stage", anguan.checklists.rules.stages.Stage["WITHDRAWN"]),
                                        ("withdrawn_from__isnull", False),
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("stage", anguan.checklists.rules.stages.Stage["WITHDRAWN"]), _negated=True
                                        ),
                                        ("withdrawn_from__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_withdrawn_criterion_says_until_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChecklistItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=40, verbose_name="题目标识")),
                        ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                        ("question", models.CharField(max_length=300, verbose_name="检查内容")),
                        ("look_for", models.CharField(max_length=500, verbose_name="怎么查")),
                        ("statute", models.CharField(max_length=60, verbose_name="法律")),
                        ("clause", models.CharField(max_length=60, verbose_name="条款")),
                        ("violation_basis", models.CharField(max_length=200, verbose_name="违反条款")),
                        ("order_basis", models.CharField(max_length=200, verbose_name="责令依据")),
                        ("penalty_basis", models.CharField(max_length=200, verbose_name="处罚依据")),
                        (
                            "order_organs",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("emergency", "应急管理部门"),
                                        ("branch", "派出机构"),
                                        ("fire", "消防救援机构"),
                                        ("construction", "住房城乡建设部门"),
                                        ("market", "市场监督管理部门"),
                                        ("judicial", "司法行政部门"),
                                        ("other", "其他部门"),
                                    ],
                                    max_length=16,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="有权责令的部门",
                            ),
                        ),
                        (
                            "penalty_organs",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("emergency", "应急管理部门"),
                                        ("branch", "派出机构"),
                                        ("fire", "消防救援机构"),
                                        ("construction", "住房城乡建设部门"),
                                        ("market", "市场监督管理部门"),
                                        ("judicial", "司法行政部门"),
                                        ("other", "其他部门"),
                                    ],
                                    max_length=16,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="有权处罚的部门",
                            ),
                        ),
                        (
                            "hazard_level",
                            models.CharField(
                                choices=[("general", "一般隐患"), ("major", "重大隐患")],
                                max_length=8,
                                verbose_name="隐患级别",
                            ),
                        ),
                        ("suggested_days", models.PositiveSmallIntegerField(verbose_name="建议整改天数")),
                        ("verified", models.BooleanField(default=False, verbose_name="已核对原文")),
                        (
                            "checklist",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="checklists.checklist",
                            ),
                        ),
                        (
                            "criterion",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="questions",
                                to="checklists.criterion",
                                verbose_name="可能构成重大隐患",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "检查项",
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                                fields=("checklist", "number"),
                                name="one_question_of_a_number_in_a_checklist",
                            ),
                            models.UniqueConstraint(
                                fields=("checklist", "key"), name="one_question_of_a_key_in_a_checklist"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("suggested_days__gte", 1)), name="a_term_has_at_least_one_day"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HazardPhrase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("checklist_code", models.CharField(max_length=40, verbose_name="检查表")),
                        ("item_key", models.CharField(max_length=40, verbose_name="题目标识")),
                        ("text", models.CharField(max_length=120, verbose_name="隐患描述")),
                        (
                            "hazard_level",
                            models.CharField(
                                choices=[("general", "一般隐患"), ("major", "重大隐患")],
                                max_length=8,
                                verbose_name="隐患级别",
                            ),
                        ),
                        ("days", models.PositiveSmallIntegerField(verbose_name="建议整改天数")),
                        ("violation_basis", models.CharField(blank=True, max_length=200, verbose_name="违反条款")),
                        ("order_basis", models.CharField(blank=True, max_length=200, verbose_name="责令依据")),
                        ("penalty_basis", models.CharField(blank=True, max_length=200, verbose_name="处罚依据")),
                        ("position", models.PositiveSmallIntegerField(default=1, verbose_name="顺序")),
                        ("is_offered", models.BooleanField(default=True, verbose_name="可以选用")),
                    ],
                    options={
                        "verbose_name": "隐患目录",
                        "ordering": ["position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("checklist_code", "item_key", "text"),
                                name="one_phrase_of_a_wording_for_a_question",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("days__gte", 1)), name="a_phrase_has_at_least_one_day"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ItemList",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("draft", "草稿"),
                                    ("published", "已公布"),
                                    ("withdrawn", "已停用"),
                                    ("discarded", "已作废"),
                                ],
                                default=anguan.checklists.rules.stages.Stage["DRAFT"],
                                max_length=12,
                                verbose_name="版本状态",
                            ),
                        ),
                        ("effective_from", models.DateField(blank=True, null=True, verbose_name="施行日期")),
                        ("withdrawn_from", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                        ("withdrawn_reason", models.CharField(blank=True, max_length=300, verbose_name="停用理由")),
                        ("drafted_at", models.DateTimeField(blank=True, null=True, verbose_name="起草时间")),
                        ("drafted_by_name", models.CharField(blank=True, max_length=60, verbose_name="起草人")),
                        ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公布时间")),
                        ("published_by_name", models.CharField(blank=True, max_length=60, verbose_name="公布人")),
                        ("version", models.CharField(max_length=40, unique=True, verbose_name="版本")),
                        ("title", models.CharField(max_length=150, verbose_name="名称")),
                        ("published_on", models.DateField(blank=True, null=True, verbose_name="公布日期")),
                        (
                            "based_on",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="successors",
                                to="checklists.itemlist",
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.organ",
                                verbose_name="机构",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "随机抽查事项清单",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("stage", anguan.checklists.rules.stages.Stage["DRAFT"])),
                                fields=("stage",),
                                name="one_draft_of_the_item_list_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "stage__in",
                                        [
                                            anguan.checklists.rules.stages.Stage["DRAFT"],
                                            anguan.checklists.rules.stages.Stage["DISCARDED"],
                                        ],
                                    ),
                                    ("effective_from__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_published_item_list_says_from_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("stage", anguan.checklists.rules.stages.Stage["WITHDRAWN"]),
                                        ("withdrawn_from__isnull", False),
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("stage", anguan.checklists.rules.stages.Stage["WITHDRAWN"]), _negated=True
                                        ),
                                        ("withdrawn_from__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_withdrawn_item_list_says_until_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InspectionItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=16, verbose_name="编号")),
                        ("matter", models.CharField(max_length=150, verbose_name="抽查事项")),
                        ("basis", models.CharField(max_length=200, verbose_name="抽查依据")),
                        ("targets", models.CharField(max_length=200, verbose_name="抽查对象")),
                        ("base", models.CharField(blank=True, max_length=100, verbose_name="对象基数")),
                        ("ratio", models.CharField(blank=True, max_length=100, verbose_name="抽查比例")),
                        ("cycle", models.CharField(blank=True, max_length=60, verbose_name="抽查周期")),
                        ("method", models.CharField(blank=True, max_length=100, verbose_name="抽查方式")),
                        ("subject", models.CharField(blank=True, max_length=100, verbose_name="抽查主体")),
                        (
                            "importance",
                            models.CharField(
                                choices=[("key", "重点检查事项"), ("general", "一般检查事项")],
                                default=anguan.checklists.rules.sheets.Importance["GENERAL"],
                                max_length=8,
                                verbose_name="事项类别",
                            ),
                        ),
                        (
                            "partners",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("emergency", "应急管理部门"),
                                        ("branch", "派出机构"),
                                        ("fire", "消防救援机构"),
                                        ("construction", "住房城乡建设部门"),
                                        ("market", "市场监督管理部门"),
                                        ("judicial", "司法行政部门"),
                                        ("other", "其他部门"),
                                    ],
                                    max_length=16,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="联合部门",
                            ),
                        ),
                        (
                            "subject_kinds",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("enterprise", "企业"),
                                        ("complex", "商业综合体"),
                                        ("tenant", "商户"),
                                        ("building", "高层建筑"),
                                        ("site", "建筑工地"),
                                        ("key_unit", "消防安全重点单位"),
                                    ],
                                    max_length=16,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="对象类型",
                            ),
                        ),
                        (
                            "checklist",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="matters",
                                to="checklists.checklist",
                            ),
                        ),
                        (
                            "item_list",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="checklists.itemlist",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "抽查事项",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("item_list", "code"), name="one_matter_of_a_code_in_an_item_list"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Standard",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=60, unique=True, verbose_name="标准编号")),
                        ("title", models.CharField(max_length=150, verbose_name="标准名称")),
                        (
                            "field",
                            models.CharField(
                                choices=[
                                    ("industry", "工贸"),
                                    ("hazchem", "化工和危险化学品"),
                                    ("construction", "房屋市政工程"),
                                    ("fire", "消防"),
                                    ("gas", "城镇燃气"),
                                    ("special_equipment", "特种设备"),
                                    ("civil_explosives", "民用爆炸物品"),
                                    ("other", "其他行业领域"),
                                ],
                                max_length=20,
                                verbose_name="领域",
                            ),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True, verbose_name="施行日期")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="失效日期")),
                        (
                            "tag",
                            models.CharField(
                                choices=[
                                    ("L", "已读原文"),
                                    ("V", "见于公开转载"),
                                    ("M", "凭记忆"),
                                    ("D", "本平台设定"),
                                ],
                                max_length=1,
                                verbose_name="证据级别",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                    ],
                    options={
                        "verbose_name": "重大事故隐患判定标准",
                        "ordering": ["field", "number"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to__isnull", True),
                                    ("valid_from__isnull", True),
                                    ("valid_to__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="a_standard_ends_after_it_begins",
                            )
                        ],
                    },
                ),
            ],
        ),
        migrations.RunSQL(
            sql="\n            UPDATE checklists_checklist\n                SET stage = 'published', effective_from = '2026-01-15', published_at = now();\n            UPDATE checklists_itemlist\n                SET stage = 'published', effective_from = published_on, published_at = now();\n            UPDATE checklists_checklistitem SET key = 'q' || lpad(number::text, 2, '0');\n            ",
            reverse_sql="",
        ),
        migrations.RunSQL(
            sql="\nCREATE FUNCTION checklists_refuse_change_of_published_row() RETURNS trigger LANGUAGE plpgsql AS $$\nDECLARE\n    parent_stage text;\nBEGIN\n    IF TG_TABLE_NAME = 'checklists_checklistitem' THEN\n        SELECT stage INTO parent_stage FROM checklists_checklist WHERE id = OLD.checklist_id;\n    ELSE\n        SELECT stage INTO parent_stage FROM checklists_itemlist WHERE id = OLD.item_list_id;\n    END IF;\n    IF parent_stage <> 'draft' THEN\n        RAISE EXCEPTION '% % belongs to a published version and never changes', TG_TABLE_NAME, OLD.id;\n    END IF;\n    IF TG_OP = 'DELETE' THEN\n        RETURN OLD;\n    END IF;\n    RETURN NEW;\nEND\n$$;\nCREATE FUNCTION checklists_refuse_change_of_version() RETURNS trigger LANGUAGE plpgsql AS $$\nDECLARE\n    -- What may still be written on a published version: that it is withdrawn, from when and why.\n    may_change text[] := ARRAY['stage', 'withdrawn_from', 'withdrawn_reason'];\nBEGIN\n    IF OLD.stage = 'draft' THEN\n        IF TG_OP = 'DELETE' THEN\n            RETURN OLD;\n        END IF;\n        RETURN NEW;\n    END IF;\n    IF TG_OP = 'DELETE' THEN\n        RAISE EXCEPTION '% % is a published version and is never deleted', TG_TABLE_NAME, OLD.id;\n    END IF;\n    IF to_jsonb(NEW) - may_change IS DISTINCT FROM to_jsonb(OLD) - may_change\n        OR (NEW.stage, OLD.stage) NOT IN (('published', 'published'), ('withdrawn', 'published'))\n            AND NEW IS DISTINCT FROM OLD\n    THEN\n        RAISE EXCEPTION '% % is a published version and never changes', TG_TABLE_NAME, OLD.id;\n    END IF;\n    RETURN NEW;\nEND\n$$;\nCREATE TRIGGER published_question_never_changes BEFORE UPDATE OR DELETE ON checklists_checklistitem\n    FOR EACH ROW EXECUTE FUNCTION checklists_refuse_change_of_published_row();\nCREATE TRIGGER published_matter_never_changes BEFORE UPDATE OR DELETE ON checklists_inspectionitem\n    FOR EACH ROW EXECUTE FUNCTION checklists_refuse_change_of_published_row();\nCREATE TRIGGER published_checklist_never_changes BEFORE UPDATE OR DELETE ON checklists_checklist\n    FOR EACH ROW EXECUTE FUNCTION checklists_refuse_change_of_version();\nCREATE TRIGGER published_item_list_never_changes BEFORE UPDATE OR DELETE ON checklists_itemlist\n    FOR EACH ROW EXECUTE FUNCTION checklists_refuse_change_of_version();\nCREATE TRIGGER published_criterion_never_changes BEFORE UPDATE OR DELETE ON checklists_criterion\n    FOR EACH ROW EXECUTE FUNCTION checklists_refuse_change_of_version();\n",
            reverse_sql="\nDROP TRIGGER published_criterion_never_changes ON checklists_criterion;\nDROP TRIGGER published_item_list_never_changes ON checklists_itemlist;\nDROP TRIGGER published_checklist_never_changes ON checklists_checklist;\nDROP TRIGGER published_matter_never_changes ON checklists_inspectionitem;\nDROP TRIGGER published_question_never_changes ON checklists_checklistitem;\nDROP FUNCTION checklists_refuse_change_of_version();\nDROP FUNCTION checklists_refuse_change_of_published_row();\n",
        ),
    ]
