import datetime

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
from django.db import migrations, models

import anguan.ground.tables


class Migration(migrations.Migration):
    replaces = [
        ("hazards", "0001_initial"),
        ("hazards", "0002_major_hazards_terms_transfers_and_photos"),
        ("hazards", "0003_granted_extensions_have_a_day"),
        ("hazards", "0004_what_an_organ_has_in_hand"),
        ("hazards", "0005_transfers_are_taken_back"),
    ]

    initial = True

    dependencies = [
        ("checklists", "0001_the_alarm_path"),
        ("ground", "0001_the_alarm_path"),
        ("papers", "0001_the_alarm_path"),
        ("people", "0001_the_alarm_path"),
        ("registry", "0001_the_alarm_path"),
    ]

    operations = [
        anguan.ground.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name="Hazard",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("inspection", "执法检查"),
                                    ("self", "企业自查"),
                                    ("expert", "专家检查"),
                                    ("report", "举报"),
                                    ("alarm", "报警"),
                                ],
                                max_length=12,
                                verbose_name="发现来源",
                            ),
                        ),
                        ("visit_uid", models.UUIDField(db_index=True, null=True)),
                        ("place", models.CharField(blank=True, max_length=100, verbose_name="部位")),
                        ("description", models.CharField(max_length=500, verbose_name="隐患情况")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("found", "已发现"),
                                    ("classified", "已定级"),
                                    ("rectifying", "整改中"),
                                    ("overdue", "逾期未改"),
                                    ("reported", "已报整改"),
                                    ("verified", "复查合格"),
                                    ("closed", "已销号"),
                                    ("reopened", "重新打开"),
                                    ("transferred", "移送中"),
                                    ("withdrawn", "认定已撤销"),
                                ],
                                default="found",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "level",
                            models.CharField(
                                blank=True,
                                choices=[("general", "一般事故隐患"), ("major", "重大事故隐患")],
                                max_length=8,
                                verbose_name="等级",
                            ),
                        ),
                        ("criterion", models.CharField(blank=True, max_length=200, verbose_name="判定依据")),
                        ("classified_by_id", models.CharField(blank=True, max_length=64)),
                        ("violation_basis", models.CharField(blank=True, max_length=200, verbose_name="违反条款")),
                        ("order_basis", models.CharField(blank=True, max_length=200, verbose_name="责令依据")),
                        ("penalty_basis", models.CharField(blank=True, max_length=200, verbose_name="处罚依据")),
                        ("found_at", models.DateTimeField(verbose_name="发现时间")),
                        ("found_by_id", models.CharField(blank=True, max_length=64)),
                        ("found_by_name", models.CharField(blank=True, max_length=128, verbose_name="发现人")),
                        ("due_on", models.DateField(null=True, verbose_name="整改期限")),
                        (
                            "sort_due_on",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.comparison.Coalesce(
                                    models.F("due_on"), models.Value(datetime.date(9999, 12, 31))
                                ),
                                output_field=models.DateField(),
                            ),
                        ),
                        ("due_rule", models.CharField(blank=True, max_length=64)),
                        ("due_rule_version", models.PositiveIntegerField(null=True)),
                        ("due_provisional", models.BooleanField(default=False)),
                        ("overdue_on", models.DateField(null=True, verbose_name="逾期自")),
                        ("effective_at", models.DateTimeField(null=True, verbose_name="送达时间")),
                        ("reported_at", models.DateTimeField(null=True, verbose_name="报告整改时间")),
                        ("verified_at", models.DateTimeField(null=True, verbose_name="复查合格时间")),
                        ("closed_at", models.DateTimeField(null=True, verbose_name="销号时间")),
                        ("closed_by_name", models.CharField(blank=True, max_length=128, verbose_name="销号人")),
                        ("self_closed", models.BooleanField(db_default=False, default=False, verbose_name="自行销号")),
                        ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤销认定时间")),
                        ("times_reopened", models.PositiveSmallIntegerField(default=0, verbose_name="重新打开次数")),
                        ("reopened_at", models.DateTimeField(null=True, verbose_name="最近重新打开时间")),
                        ("search_text", models.TextField(editable=False)),
                        (
                            "tokens",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, editable=False, size=None
                            ),
                        ),
                        (
                            "checklist_item",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hazards",
                                to="checklists.checklistitem",
                                verbose_name="检查项",
                            ),
                        ),
                        (
                            "enterprise",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hazards",
                                to="registry.enterprise",
                                verbose_name="企业",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hazards",
                                to="papers.paper",
                                verbose_name="责令文书",
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hazards",
                                to="people.organ",
                                verbose_name="承办机构",
                            ),
                        ),
                        (
                            "tenant",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hazards",
                                to="registry.tenant",
                                verbose_name="商户",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "隐患",
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                fastupdate=False, fields=["tokens"], name="hazard_words"
                            ),
                            models.Index(
                                fields=["id"],
                                include=("search_text", "state", "level", "source"),
                                name="hazard_words_in_order",
                            ),
                            models.Index(
                                fields=["state", "id"], include=("search_text",), name="hazard_words_by_state"
                            ),
                            models.Index(fields=["sort_due_on", "id"], name="hazard_by_due_day"),
                            models.Index(fields=["state", "sort_due_on", "id"], name="hazard_by_state_and_due_day"),
                            models.Index(fields=["enterprise", "id"], name="hazard_by_enterprise"),
                            models.Index(
                                condition=models.Q(("state", "closed"), _negated=True),
                                fields=["organ", "state", "sort_due_on", "id"],
                                name="hazard_in_hand",
                            ),
                            models.Index(
                                condition=models.Q(("state", "reported")),
                                fields=["organ", "reported_at", "id"],
                                name="hazard_waiting_for_recheck",
                            ),
                            models.Index(
                                condition=models.Q(("order__isnull", False)), fields=["order"], name="hazard_by_order"
                            ),
                            models.Index(condition=models.Q(("level", "major")), fields=["id"], name="major_hazard"),
                            models.Index(
                                condition=models.Q(("tenant__isnull", False)),
                                fields=["tenant", "id"],
                                name="hazard_by_tenant",
                            ),
                            models.Index(
                                condition=models.Q(("self_closed", True)),
                                fields=["organ", "closed_at"],
                                name="self_closed_hazard",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("description", ""), _negated=True),
                                name="a_hazard_says_what_is_wrong",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("level", ""), ("state", "found")),
                                    models.Q(
                                        models.Q(("state", "found"), _negated=True),
                                        models.Q(("level", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_hazard_has_a_level_once_it_is_classified",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("level", "major"), _negated=True),
                                    models.Q(("criterion", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_major_hazard_names_its_criterion",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state__in", ["rectifying", "overdue", "reported", "verified", "closed"]),
                                        _negated=True,
                                    ),
                                    ("source", "self"),
                                    models.Q(("effective_at__isnull", False), ("order__isnull", False)),
                                    _connector="OR",
                                ),
                                name="rectification_starts_with_a_served_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["overdue", "rectifying"]), _negated=True),
                                    ("due_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="whoever_must_rectify_has_a_term",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "overdue"), _negated=True),
                                    ("overdue_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="an_overdue_hazard_says_since_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["reported", "verified", "closed"]), _negated=True),
                                    ("reported_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="nothing_is_verified_before_it_is_reported",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["verified", "closed"]), _negated=True),
                                    ("verified_at__isnull", False),
                                    models.Q(("self_closed", True), ("state", "closed")),
                                    _connector="OR",
                                ),
                                name="nothing_is_closed_before_it_is_verified",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                                    models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", True)),
                                    _connector="OR",
                                ),
                                name="closed_and_the_closing_time_come_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("self_closed", False),
                                    models.Q(("source", "self"), models.Q(("level", "major"), _negated=True)),
                                    _connector="OR",
                                ),
                                name="only_a_general_hazard_of_its_own_is_closed_by_the_enterprise",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "withdrawn"), _negated=True),
                                    ("withdrawn_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_withdrawn_finding_says_since_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Extension",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("applied", "待决定"),
                                    ("granted", "已准延期"),
                                    ("refused", "不予延期"),
                                    ("lapsed", "期满未决定"),
                                ],
                                default="applied",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("reason", models.CharField(max_length=500, verbose_name="延期理由")),
                        ("measures", models.CharField(max_length=500, verbose_name="延期期间的安全措施")),
                        ("before_on", models.DateField(verbose_name="原期限")),
                        ("proposed_on", models.DateField(verbose_name="申请延期至")),
                        ("applied_at", models.DateTimeField(verbose_name="申请时间")),
                        ("applied_by_id", models.CharField(max_length=64)),
                        ("applied_by_name", models.CharField(max_length=128, verbose_name="申请人")),
                        ("decide_by", models.DateField(verbose_name="决定期限")),
                        ("decide_provisional", models.BooleanField(default=False)),
                        ("rule_version", models.PositiveIntegerField()),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="决定时间")),
                        ("decided_by_id", models.CharField(blank=True, max_length=64)),
                        ("decided_by_name", models.CharField(blank=True, max_length=128, verbose_name="决定人")),
                        ("decision", models.CharField(blank=True, max_length=500, verbose_name="决定理由")),
                        ("granted_on", models.DateField(null=True, verbose_name="延期至")),
                        (
                            "hazard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="extensions",
                                to="hazards.hazard",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "延期",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "applied")),
                                fields=("hazard",),
                                name="one_extension_waits_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("reason", ""), _negated=True), models.Q(("measures", ""), _negated=True)
                                ),
                                name="an_extension_says_why_and_how",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", "granted"),
                                        ("granted_on__gt", models.F("before_on")),
                                        ("granted_on__isnull", False),
                                    ),
                                    models.Q(
                                        models.Q(("state", "granted"), _negated=True), ("granted_on__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="a_granted_extension_moves_the_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["granted", "refused"]), _negated=True),
                                    models.Q(("decided_at__isnull", False), models.Q(("decision", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="a_decided_extension_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Escalation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("penalty", "逾期未改，提请立案"),
                                    ("stop", "提请责令暂时停产停业、停止使用"),
                                    ("power_cut", "提请停止供电"),
                                    ("closure", "提请予以关闭"),
                                ],
                                max_length=12,
                                verbose_name="建议",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("proposed", "待负责人决定"), ("adopted", "已采纳"), ("rejected", "未采纳")],
                                default="proposed",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("ground", models.CharField(max_length=500, verbose_name="事实和理由")),
                        ("proposed_at", models.DateTimeField(verbose_name="提请时间")),
                        ("proposed_by_id", models.CharField(blank=True, max_length=64)),
                        ("proposed_by_name", models.CharField(max_length=128, verbose_name="提请人")),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="决定时间")),
                        ("decided_by_id", models.CharField(blank=True, max_length=64)),
                        ("decided_by_name", models.CharField(blank=True, max_length=128, verbose_name="决定人")),
                        ("reason", models.CharField(blank=True, max_length=500, verbose_name="决定理由")),
                        (
                            "hazard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="escalations",
                                to="hazards.hazard",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "升级处置建议",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "proposed")),
                                fields=("hazard", "kind"),
                                name="one_proposal_of_a_kind_waits",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at__isnull", True), ("state", "proposed")),
                                    models.Q(
                                        models.Q(("state", "proposed"), _negated=True), ("decided_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="a_decided_proposal_says_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "rejected"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_rejected_proposal_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Closure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[("proposed", "待批准"), ("approved", "已批准"), ("returned", "退回")],
                                default="proposed",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("conclusion", models.CharField(max_length=1000, verbose_name="销号结论")),
                        ("proposed_at", models.DateTimeField(verbose_name="拟写时间")),
                        ("proposed_by_id", models.CharField(max_length=64)),
                        ("proposed_by_name", models.CharField(max_length=128, verbose_name="拟写人")),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="批准时间")),
                        ("decided_by_id", models.CharField(blank=True, max_length=64)),
                        ("decided_by_name", models.CharField(blank=True, max_length=128, verbose_name="批准负责人")),
                        ("reason", models.CharField(blank=True, max_length=500, verbose_name="意见")),
                        (
                            "hazard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="closures",
                                to="hazards.hazard",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "销号结论",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "proposed")),
                                fields=("hazard",),
                                name="one_conclusion_waits_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by_id", ""),
                                    models.Q(("decided_by_id", models.F("proposed_by_id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="whoever_wrote_a_conclusion_does_not_approve_it",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "returned"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_returned_conclusion_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InterimMeasure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("evacuate", "责令从危险区域内撤出作业人员"),
                                    ("stop_production", "责令暂时停产停业"),
                                    ("stop_use", "责令停止使用相关设施设备"),
                                    ("guard", "能保证安全的，专人看护监控"),
                                ],
                                max_length=16,
                                verbose_name="措施",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("in_force", "执行中"), ("asked", "已申请恢复"), ("lifted", "已解除")],
                                default="in_force",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("scope", models.CharField(max_length=300, verbose_name="范围")),
                        ("reason", models.CharField(blank=True, max_length=500, verbose_name="理由")),
                        ("since", models.DateTimeField(verbose_name="执行自")),
                        ("decided_by_id", models.CharField(max_length=64)),
                        ("decided_by_name", models.CharField(max_length=128, verbose_name="决定人")),
                        ("asked_at", models.DateTimeField(null=True, verbose_name="申请恢复时间")),
                        ("asked_by_name", models.CharField(blank=True, max_length=128, verbose_name="申请人")),
                        ("asked_reason", models.CharField(blank=True, max_length=500, verbose_name="申请说明")),
                        ("due_on", models.DateField(null=True, verbose_name="审查期限")),
                        ("due_provisional", models.BooleanField(default=False)),
                        ("due_rule_version", models.PositiveIntegerField(null=True)),
                        ("lifted_at", models.DateTimeField(null=True, verbose_name="解除时间")),
                        ("lifted_by_id", models.CharField(blank=True, max_length=64)),
                        ("lifted_by_name", models.CharField(blank=True, max_length=128, verbose_name="同意人")),
                        ("review", models.CharField(blank=True, max_length=500, verbose_name="审查意见")),
                        (
                            "hazard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="measures",
                                to="hazards.hazard",
                            ),
                        ),
                        (
                            "paper",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="interim_measures",
                                to="papers.paper",
                                verbose_name="现场处理措施决定书",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "临时安全措施",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "lifted"), _negated=True),
                                fields=("hazard", "kind"),
                                name="one_measure_of_a_kind_in_force",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind__in", ["evacuate", "stop_production", "stop_use"]), _negated=True),
                                    ("paper__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_stop_rests_on_a_decision",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "guard"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="guarding_says_why_it_is_safe",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "asked"), _negated=True),
                                    models.Q(("asked_at__isnull", False), ("due_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="whoever_asks_to_resume_gets_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("lifted_at__isnull", False),
                                        ("state", "lifted"),
                                        models.Q(("review", ""), _negated=True),
                                    ),
                                    models.Q(models.Q(("state", "lifted"), _negated=True), ("lifted_at__isnull", True)),
                                    _connector="OR",
                                ),
                                name="nothing_resumes_without_review",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LegalBasis",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "chain",
                            models.CharField(
                                choices=[("violation", "违反条款"), ("order", "责令依据"), ("penalty", "处罚依据")],
                                max_length=12,
                                verbose_name="链条",
                            ),
                        ),
                        ("statute", models.CharField(blank=True, max_length=100, verbose_name="法律")),
                        ("article", models.CharField(blank=True, max_length=100, verbose_name="条款")),
                        ("verified", models.BooleanField(default=False, verbose_name="已核对")),
                        (
                            "hazard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="bases", to="hazards.hazard"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "法律依据",
                        "constraints": [
                            models.UniqueConstraint(fields=("hazard", "chain"), name="one_basis_for_each_chain"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("statute", ""), _negated=True),
                                    models.Q(("article", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_basis_names_something",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Listing",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        (
                            "level",
                            models.CharField(
                                choices=[("county", "县级挂牌"), ("city", "市级挂牌"), ("province", "省级挂牌")],
                                max_length=12,
                                verbose_name="挂牌层级",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("hung", "挂牌督办中"), ("removed", "已摘牌"), ("withdrawn", "已撤回")],
                                default="hung",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("notice_no", models.CharField(max_length=80, verbose_name="督办通知文号")),
                        ("responsible", models.CharField(max_length=60, verbose_name="督办责任人")),
                        ("office", models.CharField(max_length=100, verbose_name="督办责任人职务")),
                        ("due_on", models.DateField(verbose_name="督办期限")),
                        ("hung_at", models.DateTimeField(verbose_name="挂牌时间")),
                        ("hung_by_id", models.CharField(max_length=64)),
                        ("hung_by_name", models.CharField(max_length=128, verbose_name="挂牌人")),
                        ("publish_by", models.DateField(verbose_name="挂牌公示期限")),
                        ("publish_provisional", models.BooleanField(default=False)),
                        ("publish_rule_version", models.PositiveIntegerField()),
                        ("published_at", models.DateTimeField(null=True, verbose_name="挂牌公示时间")),
                        ("removed_at", models.DateTimeField(null=True, verbose_name="摘牌时间")),
                        ("publish_removal_by", models.DateField(null=True, verbose_name="摘牌公示期限")),
                        ("removal_provisional", models.BooleanField(default=False)),
                        ("removal_published_at", models.DateTimeField(null=True, verbose_name="摘牌公示时间")),
                        ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤回时间")),
                        ("withdrawal_reason", models.CharField(blank=True, max_length=300, verbose_name="撤回理由")),
                        (
                            "hazard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="listings",
                                to="hazards.hazard",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "挂牌督办",
                        "ordering": ["-hung_at", "-id"],
                        "indexes": [models.Index(fields=["state", "published_at"], name="listing_by_state")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "hung")),
                                fields=("hazard",),
                                name="a_hazard_hangs_once_at_a_time",
                            ),
                            models.UniqueConstraint(fields=("notice_no",), name="one_listing_for_each_notice"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "removed"), _negated=True),
                                    models.Q(("publish_removal_by__isnull", False), ("removed_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_removed_listing_says_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "withdrawn"), _negated=True),
                                    models.Q(
                                        ("withdrawn_at__isnull", False),
                                        models.Q(("withdrawal_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_withdrawn_listing_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Objection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[("filed", "待答复"), ("upheld", "维持认定"), ("withdrawn", "撤销认定")],
                                default="filed",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("reason", models.CharField(max_length=1000, verbose_name="异议理由")),
                        ("filed_at", models.DateTimeField(verbose_name="提出时间")),
                        ("filed_by_id", models.CharField(max_length=64)),
                        ("filed_by_name", models.CharField(max_length=128, verbose_name="提出人")),
                        ("answer_by", models.DateField(verbose_name="答复期限")),
                        ("answer_provisional", models.BooleanField(default=False)),
                        ("rule_version", models.PositiveIntegerField()),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="答复时间")),
                        ("decided_by_id", models.CharField(blank=True, max_length=64)),
                        ("decided_by_name", models.CharField(blank=True, max_length=128, verbose_name="答复人")),
                        ("decision", models.CharField(blank=True, max_length=1000, verbose_name="答复理由")),
                        (
                            "hazard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="objections",
                                to="hazards.hazard",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "异议",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "filed")),
                                fields=("hazard",),
                                name="one_objection_waits_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="an_objection_says_why"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "filed"),
                                    models.Q(("decided_at__isnull", False), models.Q(("decision", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="an_answered_objection_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PhotoHash",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("algorithm", models.PositiveSmallIntegerField()),
                        ("perceptual", models.BigIntegerField(null=True)),
                        ("gradient", models.BigIntegerField(null=True)),
                        ("made_at", models.DateTimeField()),
                        (
                            "enterprise",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.enterprise",
                            ),
                        ),
                        (
                            "evidence",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="likeness",
                                to="ground.evidence",
                            ),
                        ),
                        (
                            "hazard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="photo_hashes",
                                to="hazards.hazard",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "照片指纹",
                        "indexes": [
                            models.Index(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("perceptual"), ">>", models.Value(43)
                                    ),
                                    "&",
                                    models.Value(2097151),
                                ),
                                name="photo_hash_band_0",
                            ),
                            models.Index(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("perceptual"), ">>", models.Value(22)
                                    ),
                                    "&",
                                    models.Value(2097151),
                                ),
                                name="photo_hash_band_1",
                            ),
                            models.Index(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("perceptual"), ">>", models.Value(0)
                                    ),
                                    "&",
                                    models.Value(4194303),
                                ),
                                name="photo_hash_band_2",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("gradient__isnull", True), ("perceptual__isnull", True)),
                                    models.Q(("gradient__isnull", False), ("perceptual__isnull", False)),
                                    _connector="OR",
                                ),
                                name="both_numbers_of_a_photo_or_none",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rectification",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        ("attempt", models.PositiveSmallIntegerField(verbose_name="第几次")),
                        ("description", models.CharField(max_length=1000, verbose_name="整改情况")),
                        ("reported_by_id", models.CharField(max_length=64)),
                        ("reported_by_name", models.CharField(max_length=128, verbose_name="报告人")),
                        ("reported_at", models.DateTimeField(verbose_name="报告时间")),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("pending", "待复查"),
                                    ("accepted", "复查合格"),
                                    ("returned", "退回继续整改"),
                                    ("self", "企业自行销号"),
                                ],
                                default="pending",
                                max_length=8,
                                verbose_name="复查结论",
                            ),
                        ),
                        ("checkers", models.JSONField(default=list, verbose_name="复查人员")),
                        ("decided_by_id", models.CharField(blank=True, max_length=64)),
                        ("decided_by_name", models.CharField(blank=True, max_length=128, verbose_name="记录人")),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="复查时间")),
                        ("reason", models.CharField(blank=True, max_length=500, verbose_name="复查意见")),
                        ("far_m", models.PositiveIntegerField(null=True, verbose_name="拍摄位置相距（米）")),
                        ("far_reason", models.CharField(blank=True, max_length=300, verbose_name="不在现场拍摄的原因")),
                        (
                            "hazard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rectifications",
                                to="hazards.hazard",
                            ),
                        ),
                        (
                            "opinion",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rechecked",
                                to="papers.paper",
                                verbose_name="整改复查意见书",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rectifications",
                                to="papers.paper",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "整改报告",
                        "ordering": ["attempt"],
                        "constraints": [
                            models.UniqueConstraint(fields=("hazard", "attempt"), name="one_report_for_each_attempt"),
                            models.UniqueConstraint(
                                condition=models.Q(("outcome", "pending")),
                                fields=("hazard",),
                                name="one_report_waits_for_its_recheck",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at__isnull", True), ("outcome", "pending")),
                                    models.Q(
                                        models.Q(("outcome", "pending"), _negated=True), ("decided_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="a_recheck_has_an_outcome_and_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome", "returned"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_returned_report_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by_id", ""),
                                    models.Q(("decided_by_id", models.F("reported_by_id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="whoever_reported_does_not_verify",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("outcome__in", ["pending", "self"]),
                                    ("checkers__1__isnull", False),
                                    _connector="OR",
                                ),
                                name="two_officers_recheck",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("far_m__isnull", True),
                                    models.Q(("far_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_proof_from_elsewhere_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Acceptance",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[("applied", "待现场验收"), ("passed", "验收合格"), ("failed", "验收不合格")],
                                default="applied",
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "assessor",
                            models.CharField(
                                choices=[("experts", "专家组"), ("agency", "安全评价机构")],
                                max_length=8,
                                verbose_name="评估方式",
                            ),
                        ),
                        ("assessed_by", models.CharField(max_length=200, verbose_name="评估单位或专家")),
                        ("assessed_on", models.DateField(verbose_name="评估日期")),
                        ("assessment", models.CharField(max_length=1000, verbose_name="评估结论")),
                        ("applied_at", models.DateTimeField(verbose_name="申请时间")),
                        ("applied_by_id", models.CharField(max_length=64)),
                        ("applied_by_name", models.CharField(max_length=128, verbose_name="申请人")),
                        ("due_on", models.DateField(verbose_name="现场验收期限")),
                        ("due_provisional", models.BooleanField(default=False)),
                        ("due_rule_version", models.PositiveIntegerField()),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="验收时间")),
                        ("decided_by_name", models.CharField(blank=True, max_length=128, verbose_name="记录人")),
                        (
                            "hazard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="acceptances",
                                to="hazards.hazard",
                            ),
                        ),
                        (
                            "report",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="acceptance",
                                to="hazards.rectification",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "验收申请",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "applied")),
                                fields=("hazard",),
                                name="one_acceptance_waits_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at__isnull", True), ("state", "applied")),
                                    models.Q(
                                        models.Q(("state", "applied"), _negated=True), ("decided_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="a_decided_acceptance_says_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RectificationPlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        ("version", models.PositiveSmallIntegerField(verbose_name="第几稿")),
                        (
                            "state",
                            models.CharField(
                                choices=[("submitted", "待审"), ("approved", "已同意"), ("returned", "退回修改")],
                                default="submitted",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("responsibility", models.CharField(max_length=500, verbose_name="责任")),
                        ("measures", models.CharField(max_length=1000, verbose_name="措施")),
                        ("funds", models.CharField(max_length=300, verbose_name="资金")),
                        ("time_limit", models.CharField(max_length=300, verbose_name="时限")),
                        ("contingency", models.CharField(max_length=1000, verbose_name="预案")),
                        ("finish_on", models.DateField(verbose_name="治理完成日")),
                        ("submitted_at", models.DateTimeField(verbose_name="报送时间")),
                        ("submitted_by_id", models.CharField(max_length=64)),
                        ("submitted_by_name", models.CharField(max_length=128, verbose_name="报送人")),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="审定时间")),
                        ("decided_by_id", models.CharField(blank=True, max_length=64)),
                        ("decided_by_name", models.CharField(blank=True, max_length=128, verbose_name="审定人")),
                        ("reason", models.CharField(blank=True, max_length=500, verbose_name="意见")),
                        (
                            "hazard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="hazards.hazard"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "治理方案",
                        "ordering": ["version"],
                        "constraints": [
                            models.UniqueConstraint(fields=("hazard", "version"), name="one_plan_for_each_version"),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "submitted")),
                                fields=("hazard",),
                                name="one_plan_waits_for_its_review",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("responsibility", ""), _negated=True),
                                    models.Q(("measures", ""), _negated=True),
                                    models.Q(("funds", ""), _negated=True),
                                    models.Q(("time_limit", ""), _negated=True),
                                    models.Q(("contingency", ""), _negated=True),
                                ),
                                name="a_plan_settles_all_five",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "returned"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_returned_plan_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReusedPhoto",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("distance", models.PositiveSmallIntegerField(verbose_name="差异位数")),
                        ("tried_by_id", models.CharField(max_length=64)),
                        ("tried_by_name", models.CharField(max_length=128, verbose_name="上传人")),
                        ("tried_at", models.DateTimeField(verbose_name="上传时间")),
                        (
                            "earlier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.evidence"
                            ),
                        ),
                        (
                            "enterprise",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reused_photos",
                                to="registry.enterprise",
                            ),
                        ),
                        (
                            "hazard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reused_photos",
                                to="hazards.hazard",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "重复照片",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Statement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                        ("quarter", models.PositiveSmallIntegerField(verbose_name="季度")),
                        ("found_general", models.PositiveIntegerField(verbose_name="自查一般隐患")),
                        ("found_major", models.PositiveIntegerField(verbose_name="自查重大隐患")),
                        ("rectified", models.PositiveIntegerField(verbose_name="已整改")),
                        ("open_count", models.PositiveIntegerField(verbose_name="期末未整改")),
                        (
                            "funds_yuan",
                            models.DecimalField(
                                decimal_places=2, default=0, max_digits=14, verbose_name="投入资金（元）"
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                        ("due_on", models.DateField(verbose_name="报送期限")),
                        ("rule_version", models.PositiveIntegerField()),
                        ("submitted_at", models.DateTimeField(verbose_name="报送时间")),
                        ("submitted_by_id", models.CharField(max_length=64)),
                        ("submitted_by_name", models.CharField(max_length=128, verbose_name="签字人")),
                        (
                            "enterprise",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hazard_statements",
                                to="registry.enterprise",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "隐患排查治理统计表",
                        "ordering": ["year", "quarter"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("enterprise", "year", "quarter"), name="one_statement_for_each_period"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quarter__lte", 4)), name="a_year_has_four_quarters"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("funds_yuan__gte", 0)), name="nobody_spends_less_than_nothing"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TenantReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        ("description", models.CharField(max_length=1000, verbose_name="怎么整改的")),
                        ("reported_at", models.DateTimeField(verbose_name="反馈时间")),
                        ("reported_by_id", models.CharField(max_length=64)),
                        ("reported_by_name", models.CharField(max_length=128, verbose_name="反馈人")),
                        (
                            "hazard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tenant_reports",
                                to="hazards.hazard",
                            ),
                        ),
                        (
                            "tenant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hazard_reports",
                                to="registry.tenant",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "商户整改反馈",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Transfer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("proposed", "待批准"),
                                    ("refused", "未批准"),
                                    ("sent", "已移送，待签收"),
                                    ("received", "已签收，待决定"),
                                    ("accepted", "已受理"),
                                    ("returned", "已退回"),
                                    ("answered", "已反馈结果"),
                                ],
                                default="proposed",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("reason", models.CharField(max_length=500, verbose_name="移送理由")),
                        ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                        ("proposed_by_id", models.CharField(max_length=64)),
                        ("proposed_by_name", models.CharField(max_length=128, verbose_name="提出人")),
                        ("approved_at", models.DateTimeField(null=True, verbose_name="审批时间")),
                        ("approved_by_name", models.CharField(blank=True, max_length=128, verbose_name="审批人")),
                        ("received_at", models.DateTimeField(null=True, verbose_name="签收时间")),
                        ("received_by_name", models.CharField(blank=True, max_length=128, verbose_name="签收人")),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="受理或退回时间")),
                        ("decided_by_name", models.CharField(blank=True, max_length=128, verbose_name="受理或退回人")),
                        ("answer", models.CharField(blank=True, max_length=500, verbose_name="受理、退回意见")),
                        ("answered_at", models.DateTimeField(null=True, verbose_name="反馈时间")),
                        ("result", models.CharField(blank=True, max_length=1000, verbose_name="办理结果")),
                        (
                            "stood_at",
                            models.CharField(
                                choices=[
                                    ("found", "已发现"),
                                    ("classified", "已定级"),
                                    ("rectifying", "整改中"),
                                    ("overdue", "逾期未改"),
                                    ("reported", "已报整改"),
                                    ("verified", "复查合格"),
                                    ("closed", "已销号"),
                                    ("reopened", "重新打开"),
                                    ("transferred", "移送中"),
                                    ("withdrawn", "认定已撤销"),
                                ],
                                db_default="classified",
                                default="classified",
                                max_length=12,
                            ),
                        ),
                        ("due_on", models.DateField(null=True, verbose_name="期限")),
                        ("due_provisional", models.BooleanField(default=False)),
                        ("rule_version", models.PositiveIntegerField(null=True)),
                        (
                            "approval",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="transfers_approved",
                                to="papers.paper",
                                verbose_name="移送审批表",
                            ),
                        ),
                        (
                            "from_organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hazards_sent",
                                to="people.organ",
                                verbose_name="移送机关",
                            ),
                        ),
                        (
                            "hazard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="transfers",
                                to="hazards.hazard",
                            ),
                        ),
                        (
                            "letter",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="transfers_sent",
                                to="papers.paper",
                                verbose_name="移送书",
                            ),
                        ),
                        (
                            "to_organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hazards_received",
                                to="people.organ",
                                verbose_name="接收机关",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "移送",
                        "ordering": ["id"],
                        "indexes": [models.Index(fields=["to_organ", "state"], name="transfer_by_receiver")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["proposed", "received", "sent"])),
                                fields=("hazard",),
                                name="one_transfer_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("from_organ", models.F("to_organ")), _negated=True),
                                name="nobody_transfers_to_themselves",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("stood_at__in", ["classified", "reopened"])),
                                name="a_transfer_can_be_taken_back",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="a_transfer_says_why"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["returned", "refused"]), _negated=True),
                                    models.Q(("answer", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_returned_transfer_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "answered"), _negated=True),
                                    models.Q(("result", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="an_answer_says_the_result",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("received_at__isnull", False),
                                    models.Q(
                                        ("state__in", ["received", "accepted", "returned", "answered"]), _negated=True
                                    ),
                                    _connector="OR",
                                ),
                                name="nothing_is_decided_before_it_is_received",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
