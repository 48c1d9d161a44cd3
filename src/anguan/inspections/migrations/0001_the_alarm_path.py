from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import anguan.ground.tables
import anguan.inspections.rules.approval
import anguan.inspections.rules.batches
import anguan.inspections.rules.experts
import anguan.inspections.rules.joint
import anguan.inspections.rules.offline
import anguan.inspections.rules.oversight
import anguan.inspections.rules.plans
import anguan.inspections.rules.replacements
import anguan.inspections.rules.revisits
import anguan.inspections.rules.visits


class Migration(migrations.Migration):
    replaces = [
        ("inspections", "0001_first_inspections"),
        ("inspections", "0002_plans_and_subjects"),
        ("inspections", "0003_visits_in_depth"),
        ("inspections", "0004_experts_replacements_and_revisits"),
        ("inspections", "0005_plan_of_a_visit_and_withdrawals"),
        ("inspections", "0006_reasons_of_a_pool"),
        ("inspections", "0007_offline_operations"),
        ("inspections", "0008_revisits_by_enterprise"),
        ("inspections", "0009_visits_begun_by_organ"),
        ("inspections", "0010_experts_called_by_name"),
        ("inspections", "0011_conflicts_of_empty_checks"),
        ("inspections", "0012_checks_by_organ"),
        ("inspections", "0013_envelopes_and_called_off_rechecks"),
    ]

    initial = True

    dependencies = [
        ("checklists", "0001_the_alarm_path"),
        ("hazards", "0001_the_alarm_path"),
        ("papers", "0001_the_alarm_path"),
        ("people", "0001_the_alarm_path"),
        ("registry", "0001_the_alarm_path"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        anguan.ground.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name="SpentRatingCode",
                    fields=[
                        ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                    ],
                    options={
                        "verbose_name": "已用的评价码",
                    },
                ),
                migrations.CreateModel(
                    name="AnnualPlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                        ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版本")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "编制中"),
                                    ("coordinated", "已与上下级衔接，待批准"),
                                    ("approved", "已批准，待备案"),
                                    ("filed", "已备案，待公布"),
                                    ("published", "已公布"),
                                    ("superseded", "已由新版本代替"),
                                ],
                                default=anguan.inspections.rules.plans.PlanState["DRAFT"],
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("title", models.CharField(max_length=150, verbose_name="名称")),
                        ("amended_because", models.CharField(blank=True, max_length=300, verbose_name="调整原因")),
                        ("staff", models.PositiveSmallIntegerField(default=0, verbose_name="执法人员人数")),
                        ("other_days", models.JSONField(default=dict, verbose_name="其他执法工作日")),
                        ("non_days", models.JSONField(default=dict, verbose_name="非执法工作日")),
                        ("capacity", models.JSONField(null=True, verbose_name="测算结果")),
                        ("calendar_version", models.CharField(blank=True, max_length=200)),
                        ("drafted_at", models.DateTimeField()),
                        ("drafted_by_name", models.CharField(max_length=128)),
                        ("coordinated_with", models.CharField(blank=True, max_length=200, verbose_name="衔接对象")),
                        ("coordinated_at", models.DateTimeField(null=True)),
                        ("coordinated_by_name", models.CharField(blank=True, max_length=128)),
                        ("approved_at", models.DateTimeField(null=True)),
                        ("approved_by_name", models.CharField(blank=True, max_length=128)),
                        ("filed_with", models.CharField(blank=True, max_length=100, verbose_name="备案机关")),
                        ("filed_number", models.CharField(blank=True, max_length=60, verbose_name="备案文号")),
                        ("filed_on", models.DateField(null=True, verbose_name="备案日期")),
                        ("published_at", models.DateTimeField(null=True, verbose_name="公布时间")),
                        ("published_by_name", models.CharField(blank=True, max_length=128)),
                        ("superseded_at", models.DateTimeField(null=True)),
                        (
                            "amends",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="amended_by",
                                to="inspections.annualplan",
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plans",
                                to="people.organ",
                                verbose_name="编制机关",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "年度监督检查计划",
                        "ordering": ["-year", "organ", "-version"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organ", "year", "version"), name="one_plan_of_a_version_per_year"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            anguan.inspections.rules.plans.PlanState["APPROVED"],
                                            anguan.inspections.rules.plans.PlanState["COORDINATED"],
                                            anguan.inspections.rules.plans.PlanState["DRAFT"],
                                            anguan.inspections.rules.plans.PlanState["FILED"],
                                        ],
                                    )
                                ),
                                fields=("organ", "year"),
                                name="one_plan_at_work_per_organ_and_year",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", anguan.inspections.rules.plans.PlanState["PUBLISHED"])),
                                fields=("organ", "year"),
                                name="one_plan_in_force_per_organ_and_year",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["draft", "coordinated"]),
                                    models.Q(("approved_at__isnull", False), ("capacity__isnull", False)),
                                    _connector="OR",
                                ),
                                name="an_approved_plan_has_its_capacity",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["filed", "published", "superseded"]), _negated=True),
                                    models.Q(
                                        ("filed_on__isnull", False), models.Q(("filed_number", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="a_filed_plan_has_its_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["published", "superseded"]), _negated=True),
                                    ("published_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_published_plan_says_since_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("amends__isnull", True), ("version", 1)),
                                    models.Q(
                                        ("version__gt", 1),
                                        ("amends__isnull", False),
                                        models.Q(("amended_because", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_further_version_says_what_it_amends_and_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Batch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=64, unique=True, verbose_name="批次号")),
                        ("title", models.CharField(max_length=150, verbose_name="名称")),
                        (
                            "purpose",
                            models.CharField(
                                choices=[("random", "双随机抽查"), ("revisit", "自查自改回访")],
                                default=anguan.inspections.rules.revisits.BatchPurpose["RANDOM"],
                                max_length=8,
                                verbose_name="用途",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "已列入计划"),
                                    ("pool_frozen", "名录已冻结"),
                                    ("committed", "已承诺，待抽取"),
                                    ("drawn", "已抽取，待批准"),
                                    ("approved", "已批准，检查中"),
                                    ("inspected", "检查完毕，待公开"),
                                    ("published", "已公开"),
                                    ("broken", "作废（未能完成抽取）"),
                                ],
                                default=anguan.inspections.rules.batches.BatchState["PLANNED"],
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("window_from", models.DateField(verbose_name="检查期自")),
                        ("window_to", models.DateField(verbose_name="检查期至")),
                        ("strata", models.JSONField(verbose_name="分层")),
                        ("weights", models.JSONField(verbose_name="各类签数")),
                        ("officers_per_target", models.PositiveSmallIntegerField(default=2, verbose_name="每家几人")),
                        (
                            "beacon_kind",
                            models.CharField(
                                choices=[
                                    ("drand-quicknet", "drand 公开随机信标"),
                                    ("public-value", "事先指定的公开数值"),
                                    ("parties-only", "仅各方秘密"),
                                ],
                                max_length=16,
                                verbose_name="公开随机源",
                            ),
                        ),
                        ("beacon_round", models.CharField(blank=True, max_length=100, verbose_name="约定的轮次或期号")),
                        ("not_before", models.DateTimeField(verbose_name="随机值产生时间")),
                        ("beacon_value", models.CharField(blank=True, max_length=200, verbose_name="公开随机值")),
                        ("beacon_signature", models.CharField(blank=True, max_length=96)),
                        ("beacon_source", models.CharField(blank=True, max_length=200, verbose_name="来源")),
                        ("beacon_entered_at", models.DateTimeField(null=True)),
                        (
                            "experts_per_target",
                            models.PositiveSmallIntegerField(default=0, verbose_name="每家几名专家"),
                        ),
                        ("expert_speciality", models.CharField(blank=True, max_length=32, verbose_name="专家专业")),
                        (
                            "expert_capacity",
                            models.PositiveSmallIntegerField(default=3, verbose_name="每名专家最多去几家"),
                        ),
                        ("is_sealed", models.BooleanField(default=False, verbose_name="密封抽查")),
                        ("envelopes_digest", models.CharField(blank=True, max_length=64, verbose_name="信封摘要")),
                        ("experts_digest", models.CharField(blank=True, max_length=64, verbose_name="专家名册摘要")),
                        ("expert_teams", models.JSONField(null=True)),
                        ("spec", models.JSONField(null=True)),
                        ("spec_digest", models.CharField(blank=True, max_length=64, verbose_name="规范摘要")),
                        ("result", models.JSONField(null=True)),
                        ("planned_by_name", models.CharField(max_length=128)),
                        ("planned_at", models.DateTimeField()),
                        ("frozen_at", models.DateTimeField(null=True)),
                        ("committed_at", models.DateTimeField(null=True)),
                        ("reveal_by", models.DateTimeField(null=True, verbose_name="开启期限")),
                        ("drawn_at", models.DateTimeField(null=True)),
                        ("approved_at", models.DateTimeField(null=True)),
                        ("approved_by_name", models.CharField(blank=True, max_length=128)),
                        ("inspected_at", models.DateTimeField(null=True)),
                        ("published_at", models.DateTimeField(null=True)),
                        ("broken_at", models.DateTimeField(null=True)),
                        (
                            "broken_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("refused", "有参与方拒绝开启秘密"),
                                    ("wrong_secret", "开启的秘密与承诺不符"),
                                    ("not_opened", "逾期未开启秘密"),
                                    ("beacon", "公开随机值未通过核验"),
                                    ("other", "抽取未能完成"),
                                ],
                                max_length=16,
                                verbose_name="作废原因",
                            ),
                        ),
                        ("broken_note", models.CharField(blank=True, max_length=300)),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batches",
                                to="checklists.inspectionitem",
                                verbose_name="抽查事项",
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batches",
                                to="people.organ",
                                verbose_name="检查机关",
                            ),
                        ),
                        (
                            "plan_row",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batches",
                                to="inspections.planrow",
                                verbose_name="计划事项",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "抽查批次",
                        "indexes": [models.Index(fields=["organ", "-id"], name="batch_by_organ")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("window_to__gte", models.F("window_from"))),
                                name="a_window_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("officers_per_target__gte", 2)),
                                name="two_officers_or_more_per_target",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("committed_at__isnull", True),
                                    ("committed_at__lt", models.F("not_before")),
                                    _connector="OR",
                                ),
                                name="committed_before_the_beacon_exists",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["planned", "pool_frozen"]),
                                    models.Q(("spec__isnull", False), ("committed_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_committed_batch_has_its_spec",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", anguan.inspections.rules.batches.BatchState["BROKEN"]), _negated=True
                                    ),
                                    models.Q(models.Q(("broken_reason", ""), _negated=True), ("result__isnull", True)),
                                    _connector="OR",
                                ),
                                name="a_broken_batch_says_why_and_has_no_result",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state__in", ["drawn", "approved", "inspected", "published"]), _negated=True
                                    ),
                                    ("result__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_drawn_batch_has_its_result",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("experts_per_target", 0),
                                    ("state__in", ["planned", "pool_frozen"]),
                                    models.Q(("experts_digest", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_committed_batch_with_experts_has_their_digest",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_sealed", False),
                                    models.Q(
                                        ("state__in", ["drawn", "approved", "inspected", "published"]), _negated=True
                                    ),
                                    models.Q(("envelopes_digest", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_sealed_draw_has_its_envelopes",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BatchExpert",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("pseudonym", models.CharField(blank=True, max_length=24, verbose_name="代号")),
                        ("capacity", models.PositiveSmallIntegerField()),
                        ("specialities", models.JSONField(default=list)),
                        (
                            "exclusion",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("not_serving", "聘期不覆盖检查期"),
                                    ("speciality", "专业不符"),
                                    ("officer", "本人是执法人员"),
                                ],
                                max_length=16,
                                verbose_name="不参与抽取的原因",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="experts",
                                to="inspections.batch",
                            ),
                        ),
                        (
                            "expert",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="draw_entries",
                                to="people.expert",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "专家名册快照",
                        "constraints": [
                            models.UniqueConstraint(fields=("batch", "expert"), name="an_expert_is_on_a_roster_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("pseudonym", ""), _negated=True),
                                fields=("batch", "pseudonym"),
                                name="one_expert_per_pseudonym",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("exclusion", ""), ("pseudonym", ""), _connector="XOR"),
                                name="an_expert_is_on_the_roster_or_off_it_with_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("capacity__gte", 1)), name="an_expert_can_go_somewhere"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BatchOfficer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("pseudonym", models.CharField(blank=True, max_length=24, verbose_name="代号")),
                        ("leader", models.BooleanField()),
                        ("capacity", models.PositiveSmallIntegerField()),
                        ("specialities", models.JSONField(default=list)),
                        (
                            "exclusion",
                            models.CharField(
                                blank=True,
                                choices=[("uncertified", "执法证在检查期内无效"), ("on_leave", "检查期内离岗")],
                                max_length=16,
                                verbose_name="不参与派员的原因",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="officers",
                                to="inspections.batch",
                            ),
                        ),
                        (
                            "officer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="draw_entries",
                                to="people.officer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "派员名册快照",
                        "constraints": [
                            models.UniqueConstraint(fields=("batch", "officer"), name="an_officer_is_on_a_roster_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("pseudonym", ""), _negated=True),
                                fields=("batch", "pseudonym"),
                                name="one_officer_per_pseudonym",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("exclusion", ""), ("pseudonym", ""), _connector="XOR"),
                                name="on_the_roster_or_off_it_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Assignment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("stratum", models.CharField(max_length=64)),
                        ("rank", models.PositiveIntegerField()),
                        ("is_alternate", models.BooleanField()),
                        ("is_unstaffed", models.BooleanField(default=False)),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to="inspections.batch",
                            ),
                        ),
                        ("officers", models.ManyToManyField(related_name="assignments", to="inspections.batchofficer")),
                        (
                            "target",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignment",
                                to="inspections.poolentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "抽取结果",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("batch", "stratum", "rank"), name="one_target_of_each_rank_in_a_stratum"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BatchParty",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "role",
                            models.CharField(
                                choices=[("organ", "检查机关"), ("supervisor", "司法监督"), ("enterprise", "企业代表")],
                                max_length=12,
                                verbose_name="身份",
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="公开的称谓")),
                        ("commitment", models.CharField(blank=True, max_length=64, verbose_name="承诺值")),
                        ("committed_at", models.DateTimeField(null=True)),
                        ("sealed", models.BinaryField(null=True)),
                        ("sealed_at", models.DateTimeField(null=True)),
                        ("secret", models.CharField(blank=True, max_length=64)),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parties",
                                to="inspections.batch",
                            ),
                        ),
                        (
                            "enterprise",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.enterprise",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="draw_parties",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "参与方",
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(fields=("batch", "position"), name="one_party_at_each_position"),
                            models.UniqueConstraint(fields=("batch", "name"), name="one_party_of_a_name_per_batch"),
                            models.UniqueConstraint(fields=("batch", "user"), name="nobody_is_two_parties_of_a_batch"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EmptyChecksExplained",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.CharField(max_length=300, verbose_name="说明")),
                        ("explained_on", models.DateField()),
                        ("explained_at", models.DateTimeField()),
                        ("explained_by_name", models.CharField(max_length=128)),
                        (
                            "enterprise",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.enterprise"
                            ),
                        ),
                        (
                            "officer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.officer"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "空查说明",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="an_explanation_says_something"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Envelope",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="信封号")),
                        ("name_salt", models.CharField(max_length=64)),
                        ("name_hash", models.CharField(max_length=64)),
                        ("salt", models.CharField(max_length=64)),
                        ("commitment", models.CharField(max_length=64, verbose_name="承诺值")),
                        (
                            "assignment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="envelope",
                                to="inspections.assignment",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="envelopes",
                                to="inspections.batch",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "信封",
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("batch", "number"), name="one_envelope_of_each_number"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("commitment", ""), _negated=True),
                                    models.Q(("salt", ""), _negated=True),
                                    models.Q(("name_salt", ""), _negated=True),
                                ),
                                name="an_envelope_is_closed_with_salt",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Guidance",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        ("code_no", models.CharField(max_length=40, unique=True, verbose_name="服务编号")),
                        ("guided_on", models.DateField(verbose_name="指导日期")),
                        ("others", models.CharField(blank=True, max_length=200, verbose_name="同行人员")),
                        ("host", models.CharField(max_length=60, verbose_name="企业在场人员")),
                        ("explained", models.TextField(max_length=2000, verbose_name="讲了什么")),
                        ("problems", models.JSONField(default=list, verbose_name="发现的问题")),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by_id", models.CharField(max_length=64)),
                        ("recorded_by_name", models.CharField(max_length=128)),
                        ("referred_at", models.DateTimeField(null=True)),
                        ("referred_by_name", models.CharField(blank=True, max_length=128)),
                        (
                            "referred_reason",
                            models.CharField(blank=True, max_length=500, verbose_name="转为线索的理由"),
                        ),
                        ("clue", models.CharField(blank=True, max_length=40, verbose_name="线索编号")),
                        (
                            "enterprise",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="guidance",
                                to="registry.enterprise",
                                verbose_name="企业",
                            ),
                        ),
                        (
                            "officers",
                            models.ManyToManyField(
                                related_name="guidance", to="people.officer", verbose_name="指导人员"
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="guidance",
                                to="people.organ",
                                verbose_name="指导机关",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "指导服务记录",
                        "indexes": [models.Index(fields=["organ", "enterprise"], name="guidance_by_organ_and_firm")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("referred_at__isnull", True),
                                    models.Q(
                                        models.Q(("referred_reason", ""), _negated=True),
                                        models.Q(("clue", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="what_is_referred_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("explained", ""), _negated=True),
                                name="guidance_says_what_was_explained",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GuidanceException",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.CharField(max_length=300, verbose_name="理由")),
                        ("since", models.DateField()),
                        ("until", models.DateField(verbose_name="有效期至")),
                        ("decided_by_name", models.CharField(max_length=128)),
                        ("decided_at", models.DateTimeField()),
                        (
                            "enterprise",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.enterprise"
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organ"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "首检指导例外",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until__gte", models.F("since"))),
                                name="an_exception_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="an_exception_says_why"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="JointTask",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        ("title", models.CharField(max_length=150, verbose_name="名称")),
                        ("visit_on", models.DateField(verbose_name="检查日期")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("inviting", "等各部门答复"),
                                    ("settled", "已确定"),
                                    ("done", "检查完毕"),
                                    ("cancelled", "已取消"),
                                ],
                                default=anguan.inspections.rules.joint.JointState["INVITING"],
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("reason", models.CharField(max_length=500, verbose_name="事由")),
                        ("created_at", models.DateTimeField()),
                        ("created_by_name", models.CharField(max_length=128)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("ended_note", models.CharField(blank=True, max_length=300)),
                        (
                            "enterprise",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="joint_tasks",
                                to="registry.enterprise",
                                verbose_name="企业",
                            ),
                        ),
                        (
                            "initiator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="joint_tasks",
                                to="people.organ",
                                verbose_name="发起部门",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "联合检查",
                        "indexes": [models.Index(fields=["enterprise", "visit_on"], name="joint_task_by_enterprise")],
                    },
                ),
                migrations.CreateModel(
                    name="JointParticipant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "answer",
                            models.CharField(
                                choices=[("invited", "待答复"), ("accepted", "参加"), ("declined", "不参加")],
                                default=anguan.inspections.rules.joint.JointAnswer["INVITED"],
                                max_length=8,
                                verbose_name="答复",
                            ),
                        ),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("answered_by_name", models.CharField(blank=True, max_length=128)),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="checklists.inspectionitem",
                                verbose_name="检查事项",
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="joint_parts",
                                to="people.organ",
                                verbose_name="部门",
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="participants",
                                to="inspections.jointtask",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "联合检查参加部门",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("task", "organ"), name="an_organ_takes_part_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answer", anguan.inspections.rules.joint.JointAnswer["DECLINED"]),
                                        _negated=True,
                                    ),
                                    models.Q(("note", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="who_declines_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OfflineFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sha256", models.CharField(max_length=64)),
                        ("size", models.PositiveIntegerField()),
                        ("problem", models.CharField(blank=True, max_length=200)),
                        ("received_at", models.DateTimeField()),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "离线照片",
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "sha256"), name="a_file_comes_once_from_its_sender")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrganArea",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(blank=True, max_length=12, verbose_name="行政区划代码")),
                        ("words", models.CharField(max_length=60, verbose_name="地址所含文字")),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_to", models.DateField(null=True, verbose_name="至")),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="areas",
                                to="people.organ",
                                verbose_name="机关",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "管辖区域",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organ", "words", "valid_from"), name="one_area_of_the_same_words"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("words", ""), _negated=True), name="an_area_is_told_in_words"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to__isnull", True),
                                    ("valid_to__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="an_area_ends_after_it_begins",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlanRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                        ("basis", models.CharField(max_length=300, verbose_name="实施依据")),
                        (
                            "target_kind",
                            models.CharField(
                                choices=[("named", "具体检查对象"), ("pool", "双随机对象")],
                                max_length=8,
                                verbose_name="对象类型",
                            ),
                        ),
                        ("targets", models.CharField(max_length=200, verbose_name="检查对象")),
                        ("pool_size", models.PositiveIntegerField(blank=True, null=True, verbose_name="对象总数")),
                        ("pool_count", models.PositiveIntegerField(blank=True, null=True, verbose_name="抽取数")),
                        ("content", models.CharField(max_length=500, verbose_name="检查内容")),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("on_site", "现场检查"),
                                    ("off_site", "非现场检查"),
                                    ("off_site_first", "先非现场、有疑点再到现场"),
                                ],
                                max_length=16,
                                verbose_name="检查方式",
                            ),
                        ),
                        ("frequency", models.PositiveSmallIntegerField(default=1, verbose_name="每家每年频次")),
                        ("cap", models.PositiveSmallIntegerField(default=1, verbose_name="每家每年上限")),
                        (
                            "months",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), size=None, verbose_name="时间安排"
                            ),
                        ),
                        (
                            "joint",
                            models.CharField(
                                choices=[
                                    ("none", "不联合"),
                                    ("lead", "联合，本机关牵头"),
                                    ("partner", "联合，本机关配合"),
                                ],
                                default=anguan.inspections.rules.plans.JointPart["NONE"],
                                max_length=8,
                                verbose_name="联合检查",
                            ),
                        ),
                        ("partners", models.CharField(blank=True, max_length=200, verbose_name="联合部门")),
                        (
                            "days_per_check",
                            models.DecimalField(
                                decimal_places=1, default=Decimal("1"), max_digits=4, verbose_name="每次工作日"
                            ),
                        ),
                        ("officers_per_check", models.PositiveSmallIntegerField(default=2, verbose_name="每次人数")),
                        ("remark", models.CharField(blank=True, max_length=300, verbose_name="备注")),
                        (
                            "department",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.department",
                                verbose_name="承办机构",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plan_rows",
                                to="checklists.inspectionitem",
                                verbose_name="检查事项",
                            ),
                        ),
                        (
                            "named",
                            models.ManyToManyField(blank=True, related_name="plan_rows", to="registry.enterprise"),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rows",
                                to="inspections.annualplan",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "计划事项",
                        "ordering": ["plan", "number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("plan", "number"), name="one_row_of_a_number_per_plan"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("pool_count__isnull", True),
                                        ("pool_size__isnull", True),
                                        ("target_kind", anguan.inspections.rules.plans.TargetKind["NAMED"]),
                                    ),
                                    models.Q(
                                        ("pool_count__gte", 1),
                                        ("pool_size__gte", models.F("pool_count")),
                                        ("target_kind", anguan.inspections.rules.plans.TargetKind["POOL"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="targets_are_named_or_drawn_from_a_counted_pool",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("frequency__gte", 1), ("cap__gte", models.F("frequency"))),
                                name="a_cap_is_not_below_its_frequency",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("months__len__gte", 1),
                                    ("months__contained_by", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
                                ),
                                name="a_row_names_the_months_of_its_checks",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("joint", anguan.inspections.rules.plans.JointPart["NONE"]), ("partners", "")
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("joint", anguan.inspections.rules.plans.JointPart["NONE"]), _negated=True
                                        ),
                                        models.Q(("partners", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_joint_check_names_its_partners",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("days_per_check__gt", 0)), name="a_check_takes_some_time"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("officers_per_check__gte", 2)), name="a_check_takes_two_officers"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PoolEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("enterprise_name", models.CharField(max_length=150)),
                        ("pseudonym", models.CharField(blank=True, max_length=24, verbose_name="代号")),
                        ("stratum", models.CharField(blank=True, max_length=64, verbose_name="层")),
                        ("risk_class", models.CharField(blank=True, max_length=64, verbose_name="类")),
                        ("position", models.PositiveIntegerField(null=True, verbose_name="在名录中的次序")),
                        ("salt", models.CharField(blank=True, max_length=32)),
                        (
                            "exclusion",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("closed", "已停产、注销、吊销或迁出"),
                                    ("visited", "本年度已按同一事项检查"),
                                    ("at_cap", "本年度检查次数已达上限"),
                                    ("no_guidance", "首次检查前尚未指导，暂不入名录"),
                                    ("no_stratum", "不属于任何一层"),
                                    ("not_self_closed", "这一时期没有自查自行销号的隐患"),
                                ],
                                max_length=16,
                                verbose_name="不入名录的原因",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="pool", to="inspections.batch"
                            ),
                        ),
                        (
                            "enterprise",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pool_entries",
                                to="registry.enterprise",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "名录快照",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("batch", "enterprise"), name="an_enterprise_is_in_a_pool_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("pseudonym", ""), _negated=True),
                                fields=("batch", "pseudonym"),
                                name="one_enterprise_per_pseudonym",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("exclusion", ""),
                                        models.Q(("pseudonym", ""), _negated=True),
                                        models.Q(("stratum", ""), _negated=True),
                                        models.Q(("salt", ""), _negated=True),
                                    ),
                                    models.Q(models.Q(("exclusion", ""), _negated=True), ("pseudonym", "")),
                                    _connector="OR",
                                ),
                                name="in_the_pool_under_a_pseudonym_or_out_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BatchRecusal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recusals",
                                to="inspections.batch",
                            ),
                        ),
                        (
                            "expert",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recusals",
                                to="inspections.batchexpert",
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recusals",
                                to="inspections.poolentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "专家回避快照",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("expert", "target"), name="one_recusal_per_expert_and_target"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BatchConflict",
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
                                choices=[("declared", "已申报的回避情形"), ("empty_checks", "连续空查，尚未说明")],
                                default=anguan.inspections.rules.batches.ConflictKind["DECLARED"],
                                max_length=12,
                                verbose_name="缘由",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="conflicts",
                                to="inspections.batch",
                            ),
                        ),
                        (
                            "declared",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="registry.declaredconflict",
                            ),
                        ),
                        (
                            "officer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="conflicts",
                                to="inspections.batchofficer",
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="conflicts",
                                to="inspections.poolentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "回避快照",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("officer", "target"), name="one_conflict_per_officer_and_target"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("declared__isnull", False),
                                        ("kind", anguan.inspections.rules.batches.ConflictKind["DECLARED"]),
                                    ),
                                    models.Q(
                                        ("declared__isnull", True),
                                        ("kind", anguan.inspections.rules.batches.ConflictKind["EMPTY_CHECKS"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_declared_conflict_names_its_declaration",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PoolLevel",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("level", models.PositiveSmallIntegerField()),
                        ("hashes", models.BinaryField()),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="levels",
                                to="inspections.batch",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "名录树的一层",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("batch", "level"), name="one_level_of_each_number_of_a_tree"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rating",
                    fields=[
                        ("uid", models.UUIDField(primary_key=True, serialize=False)),
                        ("month", models.DateField(verbose_name="月份")),
                        ("score", models.PositiveSmallIntegerField(verbose_name="总体评价")),
                        (
                            "bans",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("profit", "以检查谋取利益、变相收费"),
                                        ("disturbance", "干扰正常生产经营"),
                                        ("insistence", "非要法定代表人到场不可"),
                                        ("disguise", "以观摩、督导、服务等名义变相检查"),
                                        ("arbitrary", "没有批准、没有依据的任意检查"),
                                    ],
                                    max_length=16,
                                ),
                                default=list,
                                size=None,
                            ),
                        ),
                        ("text", models.CharField(blank=True, max_length=500, verbose_name="想说的话")),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to="people.organ"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "企业评价",
                        "indexes": [models.Index(fields=["organ", "month"], name="rating_by_organ_and_month")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("score__gte", 1), ("score__lte", 5)), name="a_rating_is_one_to_five"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="a_rating_keeps_its_month_only"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Replacement",
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
                                choices=[("target", "备选替换"), ("officer", "换执法人员"), ("expert", "换专家")],
                                max_length=8,
                                verbose_name="替换什么",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("closed", "已关闭、注销或迁出"),
                                    ("stopped", "已停产停业"),
                                    ("checked_jointly", "近期已联合检查"),
                                    ("force_majeure", "不可抗力"),
                                    ("conflict", "发现回避情形，派不出合规的检查组"),
                                    ("cap_reached", "已达年度检查频次上限"),
                                    ("unstaffed", "派不出检查组"),
                                    ("ill", "患病"),
                                    ("left", "调离或离岗"),
                                    ("uncertified", "执法证失效"),
                                    ("term_over", "聘期届满或解聘"),
                                    ("conflict", "发现回避情形"),
                                ],
                                max_length=16,
                                verbose_name="原因",
                            ),
                        ),
                        ("note", models.CharField(max_length=500, verbose_name="情况和依据")),
                        (
                            "state",
                            models.CharField(
                                choices=[("asked", "待负责人批准"), ("approved", "已批准"), ("refused", "未批准")],
                                default=anguan.inspections.rules.replacements.ReplacementState["ASKED"],
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="提出时间")),
                        ("asked_by_id", models.CharField(max_length=64)),
                        ("asked_by_name", models.CharField(max_length=128, verbose_name="提出人")),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="决定时间")),
                        ("decided_by_id", models.CharField(blank=True, max_length=64)),
                        ("decided_by_name", models.CharField(blank=True, max_length=128, verbose_name="批准人")),
                        ("decision_note", models.CharField(blank=True, max_length=300, verbose_name="不批准的理由")),
                        ("number", models.PositiveIntegerField(null=True, verbose_name="步骤序号")),
                        ("step", models.JSONField(null=True)),
                        (
                            "alternate",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replacement",
                                to="inspections.assignment",
                            ),
                        ),
                        (
                            "assignment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replacements",
                                to="inspections.assignment",
                                verbose_name="检查对象",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replacements",
                                to="inspections.batch",
                            ),
                        ),
                        (
                            "expert",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replacements",
                                to="inspections.batchexpert",
                            ),
                        ),
                        (
                            "officer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replacements",
                                to="inspections.batchofficer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "备选替换",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("batch", "number"), name="one_step_of_each_number_after_a_draw"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("state", anguan.inspections.rules.replacements.ReplacementState["ASKED"])
                                ),
                                fields=("assignment",),
                                name="one_open_request_about_a_target",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("kind", anguan.inspections.rules.replacements.ReplacementKind["TARGET"]),
                                    ("state", anguan.inspections.rules.replacements.ReplacementState["APPROVED"]),
                                ),
                                fields=("assignment",),
                                name="a_target_is_replaced_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", anguan.inspections.rules.replacements.ReplacementState["APPROVED"]),
                                        _negated=True,
                                    ),
                                    models.Q(("number__isnull", False), ("step__isnull", False)),
                                    _connector="OR",
                                ),
                                name="an_approved_replacement_is_a_numbered_step",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at__isnull", True),
                                        ("state", anguan.inspections.rules.replacements.ReplacementState["ASKED"]),
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("state", anguan.inspections.rules.replacements.ReplacementState["ASKED"]),
                                            _negated=True,
                                        ),
                                        ("decided_at__isnull", False),
                                        models.Q(("decided_by_id", models.F("asked_by_id")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_replacement_is_decided_by_somebody_else",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("expert__isnull", True),
                                        ("kind", anguan.inspections.rules.replacements.ReplacementKind["TARGET"]),
                                        ("officer__isnull", True),
                                    ),
                                    models.Q(
                                        ("expert__isnull", True),
                                        ("kind", anguan.inspections.rules.replacements.ReplacementKind["OFFICER"]),
                                        ("officer__isnull", False),
                                    ),
                                    models.Q(
                                        ("expert__isnull", False),
                                        ("kind", anguan.inspections.rules.replacements.ReplacementKind["EXPERT"]),
                                        ("officer__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_replacement_names_what_it_replaces",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RevisitHazard",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(null=True, unique=True)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[("confirmed", "确已整改"), ("reopened", "没有整改到位，重新打开")],
                                max_length=12,
                                verbose_name="回访结果",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="看到的情况")),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("decided_by_name", models.CharField(blank=True, max_length=128)),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="revisit_hazards",
                                to="inspections.batch",
                            ),
                        ),
                        (
                            "enterprise",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.enterprise"
                            ),
                        ),
                        (
                            "hazard",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="revisits",
                                to="hazards.hazard",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "回访的隐患",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("batch", "hazard"), name="a_hazard_is_in_a_re_visit_batch_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at__isnull", True), ("outcome", "")),
                                    models.Q(models.Q(("outcome", ""), _negated=True), ("decided_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_re_visited_hazard_says_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SubjectList",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                        ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版本")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "编制中"),
                                    ("filed", "已报司法行政部门"),
                                    ("published", "已公布"),
                                    ("superseded", "已由新版本代替"),
                                ],
                                default=anguan.inspections.rules.plans.SubjectState["DRAFT"],
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("due_on", models.DateField(verbose_name="报送期限")),
                        ("rule_version", models.CharField(max_length=40)),
                        ("rule_is_verified", models.BooleanField(default=False)),
                        ("drafted_at", models.DateTimeField()),
                        ("drafted_by_name", models.CharField(max_length=128)),
                        ("filed_with", models.CharField(blank=True, max_length=100, verbose_name="司法行政部门")),
                        ("filed_on", models.DateField(null=True, verbose_name="报送日期")),
                        ("published_at", models.DateTimeField(null=True, verbose_name="公布时间")),
                        ("published_by_name", models.CharField(blank=True, max_length=128)),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="subject_lists",
                                to="people.organ",
                                verbose_name="公布机关",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "检查主体清单",
                        "ordering": ["-year", "organ", "-version"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organ", "year", "version"), name="one_subject_list_of_a_version_per_year"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["draft", "filed"])),
                                fields=("organ",),
                                name="one_subject_list_at_work_per_organ",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", anguan.inspections.rules.plans.SubjectState["PUBLISHED"])),
                                fields=("organ",),
                                name="one_subject_list_in_force_per_organ",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", anguan.inspections.rules.plans.SubjectState["DRAFT"]),
                                    ("filed_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_filed_subject_list_says_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["published", "superseded"]), _negated=True),
                                    ("published_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_published_subject_list_says_since_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SubjectEntry",
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
                                    ("own_power", "行政机关（法定职权）"),
                                    ("authorised", "法律、法规授权的组织"),
                                    ("entrusted", "受委托的组织"),
                                    ("coordinating", "议事协调机构（安委会、安委办等）"),
                                    ("testing", "检验检测机构"),
                                    ("institute", "科研、技术支撑单位"),
                                    ("intermediary", "购买服务的中介机构"),
                                    ("grid_workers", "网格员"),
                                    ("temporary", "临时、外聘和辅助人员"),
                                    ("uncertified", "没有执法证的人员"),
                                ],
                                max_length=12,
                                verbose_name="主体性质",
                            ),
                        ),
                        ("basis", models.CharField(max_length=300, verbose_name="依据")),
                        ("scope", models.CharField(max_length=300, verbose_name="范围")),
                        (
                            "entrustment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.entrustment",
                            ),
                        ),
                        (
                            "subject",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="subject_entries",
                                to="people.organ",
                                verbose_name="检查主体",
                            ),
                        ),
                        (
                            "subject_list",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="inspections.subjectlist",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "检查主体",
                        "ordering": ["subject_list", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("subject_list", "subject"), name="one_entry_of_a_subject_per_list"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            anguan.inspections.rules.plans.SubjectKind["AUTHORISED"],
                                            anguan.inspections.rules.plans.SubjectKind["ENTRUSTED"],
                                            anguan.inspections.rules.plans.SubjectKind["OWN_POWER"],
                                        ],
                                    )
                                ),
                                name="only_who_has_the_power_is_on_the_subject_list",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind", anguan.inspections.rules.plans.SubjectKind["ENTRUSTED"]), _negated=True
                                    ),
                                    ("entrustment__isnull", False),
                                    _connector="OR",
                                ),
                                name="an_entrusted_subject_has_its_letter",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Visit",
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
                                    ("drawn", "双随机抽查"),
                                    ("key", "重点检查"),
                                    ("clue", "线索核查（个案检查）"),
                                    ("special", "专项检查"),
                                    ("emergency", "紧急检查"),
                                    ("recheck", "整改复查"),
                                ],
                                max_length=12,
                                verbose_name="类型",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("applied", "待批准"),
                                    ("refused", "不予批准"),
                                    ("withdrawn", "已撤回"),
                                    ("approved", "已批准，待检查"),
                                    ("on_site", "现场检查中"),
                                    ("record_drafted", "记录待签字"),
                                    ("record_issued", "记录已出具"),
                                    ("measures_drafted", "现场处理措施待送达"),
                                    ("order_drafted", "指令书待签字送达"),
                                    ("ordered", "已责令限期整改"),
                                    ("closed", "办结"),
                                ],
                                default=anguan.inspections.rules.visits.VisitState["APPROVED"],
                                max_length=16,
                                verbose_name="状态",
                            ),
                        ),
                        ("due_on", models.DateField(verbose_name="期限")),
                        ("due_is_provisional", models.BooleanField(default=False)),
                        (
                            "count_class",
                            models.CharField(
                                choices=[
                                    ("daily", "日常检查"),
                                    ("case", "个案检查"),
                                    ("special", "专项检查"),
                                    ("ordered_from_above", "上级部署的专项检查"),
                                    ("none", "不计次数"),
                                ],
                                default=anguan.inspections.rules.approval.CountClass["DAILY"],
                                max_length=20,
                                verbose_name="计数类别",
                            ),
                        ),
                        (
                            "mode",
                            models.CharField(
                                choices=[("on_site", "现场检查"), ("off_site", "非现场检查")],
                                default=anguan.inspections.rules.approval.Mode["ON_SITE"],
                                max_length=8,
                                verbose_name="检查方式",
                            ),
                        ),
                        (
                            "trigger",
                            models.CharField(
                                choices=[
                                    ("plan", "年度计划"),
                                    ("random", "随机抽取"),
                                    ("clue", "投诉举报、移送等线索"),
                                    ("request", "企业自行申请"),
                                    ("monitoring", "数据监测预警"),
                                    ("ordered", "上级部署"),
                                    ("accident", "事故或重大险情"),
                                    ("order_issued", "责令整改后的复查"),
                                ],
                                default=anguan.inspections.rules.approval.Trigger["RANDOM"],
                                max_length=16,
                                verbose_name="来由",
                            ),
                        ),
                        ("clue", models.CharField(blank=True, max_length=100, verbose_name="线索编号或文件号")),
                        ("why_on_site", models.CharField(blank=True, max_length=300, verbose_name="为什么必须到现场")),
                        ("reason", models.CharField(blank=True, max_length=500, verbose_name="事由")),
                        (
                            "exempt_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("complaint", "投诉举报"),
                                    ("transfer", "移送、转办、交办"),
                                    ("monitoring", "数据监测指向明确线索"),
                                    ("request", "企业自行申请"),
                                    ("accident", "事故或重大险情"),
                                ],
                                max_length=12,
                                verbose_name="超过上限的理由",
                            ),
                        ),
                        ("visit_on", models.DateField(null=True, verbose_name="拟检查日期")),
                        (
                            "assistants_allowed",
                            models.PositiveSmallIntegerField(default=0, verbose_name="协助人员人数"),
                        ),
                        ("experts_allowed", models.PositiveSmallIntegerField(default=0, verbose_name="专家人数")),
                        ("applied_at", models.DateTimeField(null=True)),
                        ("applied_by_id", models.CharField(blank=True, max_length=64)),
                        ("applied_by_name", models.CharField(blank=True, max_length=128)),
                        ("approved_at", models.DateTimeField(null=True)),
                        ("approved_by_name", models.CharField(blank=True, max_length=128)),
                        ("approve_by", models.DateTimeField(null=True, verbose_name="补办批准期限")),
                        ("approval_overdue_at", models.DateTimeField(null=True)),
                        ("decided_note", models.CharField(blank=True, max_length=300, verbose_name="审批意见")),
                        ("code_no", models.CharField(blank=True, max_length=40, verbose_name="检查编号")),
                        ("cap_used", models.PositiveSmallIntegerField(null=True, verbose_name="本年第几次")),
                        ("cap", models.PositiveSmallIntegerField(null=True, verbose_name="每年上限")),
                        ("cap_rule", models.CharField(blank=True, max_length=60)),
                        (
                            "marks",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("day", "一天多于一次"),
                                        ("week", "一周多于两次"),
                                        ("month", "一月多于三次"),
                                    ],
                                    max_length=8,
                                ),
                                default=list,
                                size=None,
                            ),
                        ),
                        ("is_sealed", models.BooleanField(default=False, verbose_name="密封")),
                        ("target_hash", models.CharField(blank=True, max_length=64, verbose_name="对象的哈希")),
                        ("target_salt", models.CharField(blank=True, max_length=64)),
                        ("departs_at", models.DateTimeField(null=True, verbose_name="出发时间")),
                        ("opened_at", models.DateTimeField(null=True, verbose_name="启封时间")),
                        ("scanned_at", models.DateTimeField(null=True, verbose_name="扫码入企时间")),
                        ("started_at", models.DateTimeField(null=True, verbose_name="到场时间")),
                        ("latitude", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                        ("longitude", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                        ("accuracy_m", models.PositiveIntegerField(null=True)),
                        ("host", models.CharField(blank=True, max_length=60, verbose_name="被检查单位现场负责人")),
                        ("finished_at", models.DateTimeField(null=True, verbose_name="检查结束时间")),
                        ("closed_at", models.DateTimeField(null=True)),
                        (
                            "category",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("no_problem", "未发现问题"),
                                    ("ordered", "发现问题已责令改正"),
                                    ("not_published", "未按规定公示应当公示的信息"),
                                    ("obstructed", "不配合检查情节严重"),
                                    ("unreachable", "通过登记的住所无法联系"),
                                    ("no_activity", "未发现开展本次检查涉及的经营活动"),
                                    ("pending", "发现问题待后续处理"),
                                ],
                                max_length=16,
                                verbose_name="检查结果",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                        (
                            "approval",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="papers.paper",
                                verbose_name="行政检查审批表",
                            ),
                        ),
                        (
                            "assignment",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visit",
                                to="inspections.assignment",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="inspections.batch",
                            ),
                        ),
                        (
                            "checklist",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="checklists.checklist",
                                verbose_name="检查表",
                            ),
                        ),
                        (
                            "enterprise",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="registry.enterprise",
                                verbose_name="企业",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="checklists.inspectionitem",
                                verbose_name="抽查事项",
                            ),
                        ),
                        (
                            "joint",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="inspections.jointtask",
                                verbose_name="联合检查",
                            ),
                        ),
                        (
                            "measures",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="papers.paper",
                            ),
                        ),
                        (
                            "notice",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="papers.paper",
                                verbose_name="行政检查通知书",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="papers.paper",
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="people.organ",
                                verbose_name="检查机关",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rechecks",
                                to="inspections.visit",
                            ),
                        ),
                        (
                            "plan_row",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="inspections.planrow",
                                verbose_name="计划事项",
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="papers.paper",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "检查",
                        "indexes": [
                            models.Index(fields=["organ", "state", "due_on"], name="visit_by_organ_and_state"),
                            models.Index(fields=["enterprise", "-id"], name="visit_by_enterprise"),
                            models.Index(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            anguan.inspections.rules.visits.VisitState["APPROVED"],
                                            anguan.inspections.rules.visits.VisitState["MEASURES_DRAFTED"],
                                            anguan.inspections.rules.visits.VisitState["ON_SITE"],
                                            anguan.inspections.rules.visits.VisitState["ORDER_DRAFTED"],
                                            anguan.inspections.rules.visits.VisitState["RECORD_DRAFTED"],
                                            anguan.inspections.rules.visits.VisitState["RECORD_ISSUED"],
                                        ],
                                    )
                                ),
                                fields=["due_on", "id"],
                                name="visit_in_hand_by_due_day",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("finished_at__isnull", True),
                                    ("kind", anguan.inspections.rules.visits.VisitKind["RECHECK"]),
                                    ("state", anguan.inspections.rules.visits.VisitState["CLOSED"]),
                                ),
                                fields=["closed_at"],
                                name="recheck_called_off_by_day",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("parent__isnull", True),
                                    ("started_at__isnull", False),
                                    models.Q(
                                        ("category__in", ["no_activity", "obstructed", "unreachable"]), _negated=True
                                    ),
                                ),
                                fields=["organ", "enterprise", "started_at"],
                                name="check_by_organ_and_enterprise",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind", anguan.inspections.rules.visits.VisitKind["RECHECK"]),
                                        ("parent__isnull", False),
                                    ),
                                    models.Q(
                                        ("batch__isnull", False),
                                        ("kind", anguan.inspections.rules.visits.VisitKind["DRAWN"]),
                                        ("parent__isnull", True),
                                    ),
                                    models.Q(
                                        ("batch__isnull", True),
                                        ("parent__isnull", True),
                                        models.Q(
                                            (
                                                "kind__in",
                                                [
                                                    anguan.inspections.rules.visits.VisitKind["RECHECK"],
                                                    anguan.inspections.rules.visits.VisitKind["DRAWN"],
                                                ],
                                            ),
                                            _negated=True,
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_recheck_answers_a_visit_and_a_drawn_visit_comes_from_a_batch",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approved_at__isnull", False),
                                    (
                                        "state__in",
                                        [
                                            anguan.inspections.rules.visits.VisitState["APPLIED"],
                                            anguan.inspections.rules.visits.VisitState["REFUSED"],
                                            anguan.inspections.rules.visits.VisitState["WITHDRAWN"],
                                        ],
                                    ),
                                    models.Q(
                                        ("approve_by__isnull", False),
                                        ("kind", anguan.inspections.rules.visits.VisitKind["EMERGENCY"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="nothing_begins_unapproved_except_in_an_emergency",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "kind__in",
                                            [
                                                anguan.inspections.rules.visits.VisitKind["KEY"],
                                                anguan.inspections.rules.visits.VisitKind["CLUE"],
                                                anguan.inspections.rules.visits.VisitKind["SPECIAL"],
                                            ],
                                        ),
                                        _negated=True,
                                    ),
                                    models.Q(
                                        ("mode", anguan.inspections.rules.approval.Mode["ON_SITE"]), _negated=True
                                    ),
                                    models.Q(("why_on_site", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="who_goes_there_says_why_not_from_afar",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "trigger__in",
                                            [
                                                anguan.inspections.rules.approval.Trigger["ACCIDENT"],
                                                anguan.inspections.rules.approval.Trigger["CLUE"],
                                                anguan.inspections.rules.approval.Trigger["MONITORING"],
                                                anguan.inspections.rules.approval.Trigger["ORDERED"],
                                                anguan.inspections.rules.approval.Trigger["REQUEST"],
                                            ],
                                        ),
                                        _negated=True,
                                    ),
                                    models.Q(("clue", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_triggered_check_names_its_clue",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_sealed", False),
                                    models.Q(
                                        models.Q(("target_hash", ""), _negated=True),
                                        models.Q(("target_salt", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_sealed_visit_has_its_hash",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("code_no", ""), _negated=True),
                                fields=("code_no",),
                                name="one_visit_of_a_code_number",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("joint__isnull", False),
                                    models.Q(
                                        (
                                            "state__in",
                                            [
                                                anguan.inspections.rules.visits.VisitState["REFUSED"],
                                                anguan.inspections.rules.visits.VisitState["WITHDRAWN"],
                                            ],
                                        ),
                                        _negated=True,
                                    ),
                                ),
                                fields=("joint", "organ"),
                                name="an_organ_is_in_a_joint_check_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "recheck"), models.Q(("state", "closed"), _negated=True)),
                                fields=("parent",),
                                name="one_open_recheck_of_a_visit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("finished_at__isnull", True),
                                    models.Q(("category", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_finished_visit_has_its_result",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SealOpening",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(choices=[("opened", "启封"), ("read", "查看")], max_length=8)),
                        ("name", models.CharField(max_length=128)),
                        ("at", models.DateTimeField()),
                        ("is_early", models.BooleanField(verbose_name="早于出发时间")),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="openings",
                                to="inspections.visit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "启封记录",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Publication",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("due_on", models.DateField(verbose_name="公示期限")),
                        ("due_is_provisional", models.BooleanField()),
                        ("rule_version", models.CharField(max_length=40)),
                        ("rule_is_verified", models.BooleanField(default=False)),
                        ("calendar_version", models.CharField(max_length=200)),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("no_problem", "未发现问题"),
                                    ("ordered", "发现问题已责令改正"),
                                    ("not_published", "未按规定公示应当公示的信息"),
                                    ("obstructed", "不配合检查情节严重"),
                                    ("unreachable", "通过登记的住所无法联系"),
                                    ("no_activity", "未发现开展本次检查涉及的经营活动"),
                                    ("pending", "发现问题待后续处理"),
                                ],
                                max_length=16,
                                verbose_name="检查结果",
                            ),
                        ),
                        ("published_at", models.DateTimeField(null=True, verbose_name="公示时间")),
                        ("published_by_name", models.CharField(blank=True, max_length=128)),
                        ("changed_on", models.DateField(null=True, verbose_name="变更、撤销日期")),
                        ("withdraw_reason", models.CharField(blank=True, max_length=300, verbose_name="撤回理由")),
                        ("withdraw_by", models.DateField(null=True, verbose_name="撤回期限")),
                        ("withdraw_by_is_provisional", models.BooleanField(default=False)),
                        ("withdraw_rule_version", models.CharField(blank=True, max_length=40)),
                        ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤回时间")),
                        ("withdrawn_by_name", models.CharField(blank=True, max_length=128)),
                        (
                            "visit",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="publication",
                                to="inspections.visit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "结果公示",
                        "indexes": [
                            models.Index(fields=["-published_at"], name="result_by_day"),
                            models.Index(
                                condition=models.Q(("published_at__isnull", True)),
                                fields=["due_on", "id"],
                                name="result_waiting_by_due_day",
                            ),
                            models.Index(
                                condition=models.Q(("withdraw_by__isnull", False), ("withdrawn_at__isnull", True)),
                                fields=["withdraw_by", "id"],
                                name="result_to_withdraw_by_due_day",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("withdraw_by__isnull", True),
                                    models.Q(
                                        ("changed_on__isnull", False), models.Q(("withdraw_reason", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="a_withdrawal_has_its_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("withdrawn_at__isnull", True),
                                    models.Q(("published_at__isnull", False), ("withdraw_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="only_what_was_public_is_withdrawn",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OfflineOperation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        ("device", models.UUIDField()),
                        ("position", models.PositiveIntegerField()),
                        ("previous", models.CharField(blank=True, max_length=64)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("start", "到场签到"),
                                    ("answer", "记录一项"),
                                    ("recheck", "复查一条隐患"),
                                    ("without", "未能检查"),
                                    ("note", "现场记事"),
                                    ("opinion", "专家意见"),
                                    ("ready", "生成记录"),
                                    ("reopen", "退回修改"),
                                    ("sign", "签名"),
                                ],
                                max_length=8,
                                verbose_name="操作",
                            ),
                        ),
                        ("digest", models.CharField(max_length=64, verbose_name="手机上的指纹")),
                        ("body", models.TextField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("waiting", "等前面的到齐"), ("done", "已办"), ("refused", "未能照办")],
                                default=anguan.inspections.rules.offline.OperationState["WAITING"],
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=300, verbose_name="原因")),
                        ("acted_at", models.DateTimeField(verbose_name="办理时间")),
                        ("clock_offset_ms", models.BigIntegerField(verbose_name="时钟偏差")),
                        ("clock_is_doubtful", models.BooleanField(default=False)),
                        ("received_at", models.DateTimeField(verbose_name="收到时间")),
                        ("times_received", models.PositiveIntegerField(default=1)),
                        ("applied_at", models.DateTimeField(null=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="offline_operations",
                                to="inspections.visit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "离线操作",
                        "indexes": [
                            models.Index(fields=["visit", "user", "device", "position"], name="operation_by_chain")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("visit__isnull", False)),
                                fields=("visit", "user", "device", "position"),
                                name="one_operation_at_a_place_of_a_chain",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("applied_at__isnull", True),
                                        ("state", anguan.inspections.rules.offline.OperationState["WAITING"]),
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("state", anguan.inspections.rules.offline.OperationState["WAITING"]),
                                            _negated=True,
                                        ),
                                        ("applied_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_operation_is_decided_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", anguan.inspections.rules.offline.OperationState["REFUSED"]),
                                        _negated=True,
                                    ),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_refused_operation_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Concern",
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
                                    ("past_cap", "超过年度上限"),
                                    ("too_often", "频次异常"),
                                    ("early_opening", "提前启封"),
                                    ("unapproved", "紧急检查逾期未补办批准"),
                                    ("entry_refused", "企业拒绝检查"),
                                    ("rating", "企业反映违反五个严禁"),
                                ],
                                max_length=16,
                                verbose_name="类别",
                            ),
                        ),
                        ("text", models.CharField(max_length=500, verbose_name="情况")),
                        ("at", models.DateTimeField()),
                        ("handled_at", models.DateTimeField(null=True)),
                        ("handled_by_name", models.CharField(blank=True, max_length=128)),
                        ("opinion", models.CharField(blank=True, max_length=500, verbose_name="监督意见")),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="concerns", to="people.organ"
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="concerns",
                                to="inspections.visit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "监督线索",
                        "indexes": [models.Index(fields=["handled_at", "-id"], name="concern_by_handling")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("visit__isnull", False)),
                                fields=("visit", "kind"),
                                name="one_concern_of_a_kind_per_visit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind", anguan.inspections.rules.oversight.ConcernKind["RATING"]),
                                        _negated=True,
                                    ),
                                    ("visit__isnull", True),
                                    _connector="OR",
                                ),
                                name="a_rating_names_no_visit",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Answer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        (
                            "replaced",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.UUIDField(), default=list, size=None
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("conforms", "符合"), ("fails", "不符合"), ("na", "不适用")],
                                max_length=8,
                                verbose_name="结果",
                            ),
                        ),
                        ("place", models.CharField(blank=True, max_length=200, verbose_name="部位")),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="情况")),
                        (
                            "level",
                            models.CharField(
                                blank=True,
                                choices=[("general", "一般隐患"), ("major", "重大隐患")],
                                max_length=8,
                                verbose_name="隐患级别",
                            ),
                        ),
                        ("criterion", models.CharField(blank=True, max_length=200, verbose_name="重大隐患判定依据")),
                        ("due_on", models.DateField(null=True, verbose_name="整改期限")),
                        ("answered_at", models.DateTimeField()),
                        ("answered_by_id", models.CharField(max_length=64)),
                        ("answered_by_name", models.CharField(max_length=128)),
                        (
                            "hazard",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="hazards.hazard",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="checklists.checklistitem",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="inspections.visit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "检查项结果",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("item__isnull", False)),
                                fields=("visit", "item"),
                                name="one_answer_per_item_of_a_visit",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("item__isnull", True)),
                                fields=("visit", "hazard"),
                                name="one_answer_per_hazard_of_a_recheck",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("item__isnull", False), ("hazard__isnull", False), _connector="OR"),
                                name="an_answer_is_about_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("outcome", anguan.inspections.rules.visits.Outcome["FAILS"]), _negated=True
                                    ),
                                    models.Q(("note", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_failure_says_what_was_seen",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VisitAssistant",
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
                                    ("testing_body", "检验检测机构、科研院所人员"),
                                    ("intermediary", "外包中介机构人员"),
                                    ("coordination", "议事协调机构人员"),
                                    ("uncertified", "没有执法证的工作人员"),
                                    ("grid_worker", "网格员"),
                                    ("temporary", "临时聘用人员"),
                                ],
                                max_length=16,
                                verbose_name="类别",
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="姓名")),
                        ("employer", models.CharField(blank=True, max_length=100, verbose_name="单位")),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by_name", models.CharField(max_length=128)),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assistants",
                                to="inspections.visit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "协助人员",
                        "constraints": [
                            models.UniqueConstraint(fields=("visit", "name"), name="an_assistant_is_on_a_visit_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VisitExpert",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("called_reason", models.CharField(blank=True, max_length=200, verbose_name="指定理由")),
                        (
                            "daily_fee_yuan",
                            models.DecimalField(
                                decimal_places=2, default=Decimal("0"), max_digits=9, verbose_name="每日费用（元）"
                            ),
                        ),
                        (
                            "days",
                            models.DecimalField(decimal_places=1, max_digits=4, null=True, verbose_name="工作天数"),
                        ),
                        (
                            "fee_yuan",
                            models.DecimalField(
                                decimal_places=2, max_digits=10, null=True, verbose_name="专家费（元）"
                            ),
                        ),
                        ("fee_recorded_at", models.DateTimeField(null=True)),
                        ("fee_recorded_by_name", models.CharField(blank=True, max_length=128)),
                        (
                            "entry",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="inspections.batchexpert",
                            ),
                        ),
                        (
                            "expert",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="people.expert"
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="experts",
                                to="inspections.visit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "随行专家",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("visit", "expert"), name="an_expert_is_on_a_visit_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("days__isnull", True),
                                        ("fee_recorded_at__isnull", True),
                                        ("fee_yuan__isnull", True),
                                    ),
                                    models.Q(("days__gt", 0), ("fee_recorded_at__isnull", False), ("fee_yuan__gte", 0)),
                                    _connector="OR",
                                ),
                                name="a_fee_has_its_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("entry__isnull", False),
                                    models.Q(("called_reason", ""), _negated=True),
                                    _connector="XOR",
                                ),
                                name="an_expert_is_drawn_or_called_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Opinion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        ("text", models.CharField(max_length=1000, verbose_name="意见")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("drafted", "草稿"),
                                    ("submitted", "已提交，待采纳"),
                                    ("adopted", "已采纳"),
                                    ("rejected", "未采纳"),
                                ],
                                default=anguan.inspections.rules.experts.OpinionState["DRAFTED"],
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        ("written_at", models.DateTimeField()),
                        ("submitted_at", models.DateTimeField(null=True)),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("decided_by_name", models.CharField(blank=True, max_length=128)),
                        (
                            "decision_reason",
                            models.CharField(blank=True, max_length=500, verbose_name="采纳或不采纳的理由"),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="checklists.checklistitem",
                            ),
                        ),
                        (
                            "visit_expert",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opinions",
                                to="inspections.visitexpert",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "专家检查意见",
                        "ordering": ["item__number", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("visit_expert", "item"),
                                name="one_opinion_per_expert_and_item",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", anguan.inspections.rules.experts.OpinionState["DRAFTED"]),
                                    ("submitted_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_submitted_opinion_says_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "state__in",
                                            [
                                                anguan.inspections.rules.experts.OpinionState["ADOPTED"],
                                                anguan.inspections.rules.experts.OpinionState["REJECTED"],
                                            ],
                                        ),
                                        _negated=True,
                                    ),
                                    models.Q(
                                        ("decided_at__isnull", False), models.Q(("decision_reason", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="a_decided_opinion_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VisitOfficer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("arrived_at", models.DateTimeField(null=True)),
                        (
                            "officer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="people.officer"
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="officers",
                                to="inspections.visit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "检查人员",
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(fields=("visit", "officer"), name="an_officer_is_on_a_visit_once")
                        ],
                    },
                ),
            ],
        ),
    ]
