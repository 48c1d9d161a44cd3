import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import anguan.ground.tables
import anguan.papers.rules.review
import anguan.papers.rules.vocabulary


class Migration(migrations.Migration):
    replaces = [
        ("papers", "0001_first_papers"),
        ("papers", "0002_issued_papers_are_fixed"),
        ("papers", "0003_more_forms"),
        ("papers", "0004_terms_of_papers"),
        ("papers", "0005_service_by_every_way"),
        ("papers", "0006_service_is_proven"),
        ("papers", "0007_forms_are_data"),
        ("papers", "0008_form_versions_stay"),
        ("papers", "0009_drafts_are_reviewed"),
    ]

    initial = True

    dependencies = [
        ("ground", "0001_the_alarm_path"),
        ("people", "0001_the_alarm_path"),
        ("registry", "0001_the_alarm_path"),
    ]

    operations = [
        anguan.ground.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name="FormSet",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, unique=True)),
                        ("title", models.CharField(max_length=60, verbose_name="名称")),
                        ("heading", models.CharField(max_length=40, verbose_name="眉题")),
                        (
                            "organ",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="form_set",
                                to="people.organ",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "文书格式集",
                    },
                ),
                migrations.CreateModel(
                    name="FormVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                choices=[
                                    ("inspection_approval", "行政检查审批表"),
                                    ("inspection_notice", "行政检查通知书"),
                                    ("inspection_scheme", "现场检查方案"),
                                    ("site_record", "现场检查记录"),
                                    ("rectify_order", "责令限期整改指令书"),
                                    ("recheck_opinion", "整改复查意见书"),
                                    ("inspection_result", "行政检查结果告知书"),
                                    ("filing_approval", "立案审批表"),
                                    ("site_measures", "现场处理措施决定书"),
                                    ("coercion_approval", "行政强制审批表"),
                                    ("seizure_decision", "查封扣押决定书"),
                                    ("seizure_list", "查封扣押清单"),
                                    ("seizure_extension", "延长查封扣押期限决定书"),
                                    ("seizure_disposal", "查封扣押处理决定书"),
                                    ("power_cut_decision", "停止供电决定书"),
                                    ("power_cut_notice", "停止供电通知书"),
                                    ("power_restore_notice", "恢复供电通知书"),
                                    ("sampling_voucher", "抽样取证凭证"),
                                    ("preservation_approval", "先行登记保存证据审批表"),
                                    ("preservation_notice", "先行登记保存证据通知书"),
                                    ("preservation_disposal_approval", "先行登记保存证据处理审批表"),
                                    ("preservation_disposal", "先行登记保存证据处理决定书"),
                                    ("transfer_approval", "案件移送审批表"),
                                    ("transfer_letter", "案件移送书"),
                                    ("service_receipt", "文书送达回执"),
                                ],
                                max_length=32,
                                verbose_name="文书种类",
                            ),
                        ),
                        ("version", models.PositiveSmallIntegerField(verbose_name="版本")),
                        ("base_version", models.PositiveSmallIntegerField(verbose_name="所依据的版本")),
                        ("title", models.CharField(max_length=60, verbose_name="标题")),
                        ("prefix", models.CharField(max_length=32, verbose_name="文号字头")),
                        ("tag", models.CharField(max_length=16, verbose_name="证据级别")),
                        ("fields", models.JSONField(default=list, verbose_name="增加的栏目")),
                        ("opening", models.TextField(blank=True, verbose_name="正文前的文字")),
                        ("closing", models.TextField(blank=True, verbose_name="落款前的文字")),
                        ("valid_from", models.DateField(null=True, verbose_name="启用日期")),
                        ("fingerprint", models.CharField(max_length=64)),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by_name", models.CharField(max_length=128)),
                        (
                            "form_set",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="papers.formset",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "文书格式版本",
                        "ordering": ["form_set", "code", "-version"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("form_set", "code", "version"), name="one_row_for_each_form_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Paper",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        (
                            "form",
                            models.CharField(
                                choices=[
                                    ("inspection_approval", "行政检查审批表"),
                                    ("inspection_notice", "行政检查通知书"),
                                    ("inspection_scheme", "现场检查方案"),
                                    ("site_record", "现场检查记录"),
                                    ("rectify_order", "责令限期整改指令书"),
                                    ("recheck_opinion", "整改复查意见书"),
                                    ("inspection_result", "行政检查结果告知书"),
                                    ("filing_approval", "立案审批表"),
                                    ("site_measures", "现场处理措施决定书"),
                                    ("coercion_approval", "行政强制审批表"),
                                    ("seizure_decision", "查封扣押决定书"),
                                    ("seizure_list", "查封扣押清单"),
                                    ("seizure_extension", "延长查封扣押期限决定书"),
                                    ("seizure_disposal", "查封扣押处理决定书"),
                                    ("power_cut_decision", "停止供电决定书"),
                                    ("power_cut_notice", "停止供电通知书"),
                                    ("power_restore_notice", "恢复供电通知书"),
                                    ("sampling_voucher", "抽样取证凭证"),
                                    ("preservation_approval", "先行登记保存证据审批表"),
                                    ("preservation_notice", "先行登记保存证据通知书"),
                                    ("preservation_disposal_approval", "先行登记保存证据处理审批表"),
                                    ("preservation_disposal", "先行登记保存证据处理决定书"),
                                    ("transfer_approval", "案件移送审批表"),
                                    ("transfer_letter", "案件移送书"),
                                    ("service_receipt", "文书送达回执"),
                                ],
                                max_length=32,
                                verbose_name="文书种类",
                            ),
                        ),
                        ("form_version", models.PositiveSmallIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "拟稿"),
                                    ("issued", "已出具"),
                                    ("served", "已送达"),
                                    ("void", "已作废"),
                                ],
                                default=anguan.papers.rules.vocabulary.PaperState["DRAFT"],
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        ("title", models.CharField(max_length=60, verbose_name="标题")),
                        ("prefix", models.CharField(max_length=32)),
                        ("year", models.PositiveSmallIntegerField(null=True)),
                        ("serial", models.PositiveIntegerField(null=True)),
                        ("number", models.CharField(blank=True, max_length=80, verbose_name="文号")),
                        ("body", models.JSONField(default=dict)),
                        ("content", models.JSONField(null=True)),
                        ("body_hash", models.CharField(blank=True, max_length=64, verbose_name="内容哈希")),
                        ("pdf_sha256", models.CharField(blank=True, max_length=64, verbose_name="文件哈希")),
                        ("confirm_code", models.CharField(max_length=16, unique=True, verbose_name="核验码")),
                        ("drafted_at", models.DateTimeField()),
                        ("drafted_by_name", models.CharField(max_length=128)),
                        ("issued_at", models.DateTimeField(null=True, verbose_name="出具时间")),
                        ("effective_at", models.DateTimeField(null=True, verbose_name="生效时间")),
                        ("voided_at", models.DateTimeField(null=True, verbose_name="作废时间")),
                        ("void_reason", models.CharField(blank=True, max_length=300, verbose_name="作废原因")),
                        ("origin_kind", models.CharField(blank=True, db_default="", max_length=16)),
                        ("origin_uid", models.UUIDField(null=True)),
                        (
                            "review",
                            models.CharField(
                                choices=[
                                    ("handler", "承办中"),
                                    ("reviewer", "待审核"),
                                    ("approver", "待审批"),
                                    ("done", "已审批"),
                                ],
                                db_default="handler",
                                default=anguan.papers.rules.review.Review["HANDLER"],
                                max_length=8,
                                verbose_name="送审",
                            ),
                        ),
                        (
                            "answers",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answered_by",
                                to="papers.paper",
                                verbose_name="所依据的文书",
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="papers",
                                to="papers.formversion",
                                verbose_name="本机关的格式",
                            ),
                        ),
                        (
                            "enterprise",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="papers",
                                to="registry.enterprise",
                                verbose_name="当事人",
                            ),
                        ),
                        (
                            "entrustment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="papers",
                                to="people.entrustment",
                                verbose_name="委托",
                            ),
                        ),
                        (
                            "handling_organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="papers_handled",
                                to="people.organ",
                                verbose_name="承办机构",
                            ),
                        ),
                        (
                            "issuing_organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="papers_issued",
                                to="people.organ",
                                verbose_name="出具机关",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "文书",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("origin_uid__isnull", False)),
                                fields=["origin_uid"],
                                name="paper_by_origin",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("origin_uid__isnull", False),
                                    ("state", anguan.papers.rules.vocabulary.PaperState["DRAFT"]),
                                ),
                                fields=["handling_organ", "review", "id"],
                                name="draft_by_hand",
                            ),
                            models.Index(fields=["enterprise", "-id"], name="paper_by_enterprise"),
                            models.Index(fields=["handling_organ", "-id"], name="paper_by_handling_organ"),
                            models.Index(fields=["issuing_organ", "-id"], name="paper_by_issuing_organ"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("issuing_organ", "prefix", "year", "serial"), name="one_paper_for_each_number"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", anguan.papers.rules.vocabulary.PaperState["VOID"]),
                                    models.Q(
                                        ("number", ""), ("state", anguan.papers.rules.vocabulary.PaperState["DRAFT"])
                                    ),
                                    models.Q(
                                        (
                                            "state__in",
                                            [
                                                anguan.papers.rules.vocabulary.PaperState["ISSUED"],
                                                anguan.papers.rules.vocabulary.PaperState["SERVED"],
                                            ],
                                        ),
                                        models.Q(("number", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_paper_has_a_number_once_it_is_issued",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("body_hash", ""),
                                        ("issued_at", None),
                                        ("number", ""),
                                        ("pdf_sha256", ""),
                                        ("serial", None),
                                        ("year", None),
                                    ),
                                    models.Q(
                                        models.Q(("number", ""), _negated=True),
                                        models.Q(("body_hash", ""), _negated=True),
                                        models.Q(("pdf_sha256", ""), _negated=True),
                                        ("content__isnull", False),
                                        ("issued_at__isnull", False),
                                        ("serial__isnull", False),
                                        ("year__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="number_text_and_hashes_come_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", anguan.papers.rules.vocabulary.PaperState["VOID"]), _negated=True
                                    ),
                                    models.Q(("void_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_void_paper_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", anguan.papers.rules.vocabulary.PaperState["SERVED"]), _negated=True
                                    ),
                                    ("effective_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_served_paper_is_in_effect",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("answers", models.F("id")), _negated=True),
                                name="no_paper_answers_itself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("origin_kind", ""), ("origin_uid", None)),
                                    models.Q(
                                        ("origin_uid__isnull", False), models.Q(("origin_kind", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="an_origin_has_kind_and_id",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "state__in",
                                            [
                                                anguan.papers.rules.vocabulary.PaperState["ISSUED"],
                                                anguan.papers.rules.vocabulary.PaperState["SERVED"],
                                            ],
                                        ),
                                        _negated=True,
                                    ),
                                    (
                                        "review__in",
                                        [
                                            anguan.papers.rules.review.Review["HANDLER"],
                                            anguan.papers.rules.review.Review["DONE"],
                                        ],
                                    ),
                                    _connector="OR",
                                ),
                                name="nothing_is_issued_while_it_waits_for_an_opinion",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Announcement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        ("announced_on", models.DateField(verbose_name="公告日期")),
                        ("announced_in", models.CharField(max_length=200, verbose_name="公告载体")),
                        ("reason", models.CharField(max_length=300, verbose_name="公告的理由")),
                        ("servers", models.JSONField(verbose_name="承办人")),
                        ("deemed_on", models.DateField(verbose_name="视为送达的日期")),
                        ("rule_id", models.CharField(max_length=64)),
                        ("rule_version", models.PositiveIntegerField()),
                        ("calendar", models.CharField(max_length=200)),
                        (
                            "paper",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="announcement",
                                to="papers.paper",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "公告送达",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("deemed_on__gt", models.F("announced_on"))),
                                name="an_announcement_takes_its_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaperOpinion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        (
                            "role",
                            models.CharField(
                                choices=[("handler", "承办人意见"), ("reviewer", "审核意见"), ("approver", "审批意见")],
                                max_length=8,
                                verbose_name="意见栏",
                            ),
                        ),
                        (
                            "stance",
                            models.CharField(
                                choices=[("agrees", "同意"), ("refuses", "不同意"), ("returns", "退回修改")],
                                max_length=8,
                                verbose_name="意见",
                            ),
                        ),
                        ("text", models.CharField(max_length=500, verbose_name="意见内容")),
                        ("by_id", models.CharField(max_length=64)),
                        ("by_name", models.CharField(max_length=128)),
                        ("given_at", models.DateTimeField()),
                        ("superseded_at", models.DateTimeField(null=True)),
                        (
                            "paper",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="opinions", to="papers.paper"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "意见",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("superseded_at", None),
                                    models.Q(("stance", anguan.papers.rules.review.Stance["RETURNS"]), _negated=True),
                                ),
                                fields=("paper", "role"),
                                name="one_opinion_of_each_role_counts",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("superseded_at", None),
                                    models.Q(("stance", anguan.papers.rules.review.Stance["RETURNS"]), _negated=True),
                                ),
                                fields=("paper", "by_id"),
                                name="nobody_judges_a_paper_twice",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="an_opinion_says_something"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaperTerm",
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
                                    ("serve", "送达"),
                                    ("handle", "对登记保存的证据作出处理决定"),
                                    ("seizure_end", "查封、扣押期限届满前作出处理决定"),
                                    ("report", "当场实施强制措施后补办批准"),
                                ],
                                max_length=16,
                                verbose_name="期限",
                            ),
                        ),
                        ("due_on", models.DateField(verbose_name="截止日")),
                        ("due_at", models.DateTimeField(null=True, verbose_name="截止时间")),
                        ("since", models.DateField()),
                        ("rule_id", models.CharField(max_length=64)),
                        ("rule_version", models.PositiveIntegerField()),
                        ("calendar", models.CharField(max_length=200)),
                        ("is_provisional", models.BooleanField(default=False, verbose_name="暂定")),
                        ("met_at", models.DateTimeField(null=True, verbose_name="完成时间")),
                        (
                            "met_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="terms_met",
                                to="papers.paper",
                            ),
                        ),
                        (
                            "paper",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="papers.paper"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "文书期限",
                        "ordering": ["due_on", "id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("met_at", None)), fields=["due_on"], name="open_paper_term_by_day"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("paper", "kind"), name="one_term_of_a_kind_for_each_paper"),
                            models.CheckConstraint(
                                condition=models.Q(("met_by", None), ("met_at__isnull", False), _connector="OR"),
                                name="a_met_term_says_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SealedCopy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200)),
                        ("attached_at", models.DateTimeField()),
                        ("attached_by_name", models.CharField(max_length=128)),
                        (
                            "image",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.evidence"
                            ),
                        ),
                        (
                            "paper",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sealed_copies",
                                to="papers.paper",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "盖章件",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceAttempt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("direct", "直接送达"),
                                    ("left", "留置送达"),
                                    ("mail", "邮寄送达"),
                                    ("entrusted", "委托送达"),
                                    ("forwarded", "转交送达"),
                                    ("electronic", "电子送达"),
                                    ("announced", "公告送达"),
                                ],
                                max_length=12,
                                verbose_name="送达方式",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("nobody", "无人签收"),
                                    ("moved", "地址不符或者已搬离"),
                                    ("returned", "邮件退回"),
                                    ("failed", "电子送达不成功"),
                                    ("missing", "查明下落不明"),
                                ],
                                max_length=12,
                                verbose_name="结果",
                            ),
                        ),
                        ("tried_at", models.DateTimeField(verbose_name="时间")),
                        ("place", models.CharField(max_length=200, verbose_name="地点")),
                        ("servers", models.JSONField(verbose_name="送达人")),
                        ("note", models.CharField(max_length=300, verbose_name="情况")),
                        (
                            "paper",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="papers.paper"
                            ),
                        ),
                        (
                            "photo",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ground.evidence",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "送达不成",
                        "ordering": ["tried_at", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("note", ""), _negated=True), name="a_failed_attempt_says_how"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceConsent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        ("signed_by", models.CharField(max_length=60, verbose_name="签署人")),
                        (
                            "kinds",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("postal", "邮寄地址"),
                                        ("mobile", "手机短信"),
                                        ("email", "电子邮箱"),
                                        ("account", "平台账号"),
                                    ],
                                    max_length=12,
                                ),
                                size=None,
                                verbose_name="确认的方式",
                            ),
                        ),
                        ("address", models.CharField(blank=True, max_length=200, verbose_name="邮寄地址")),
                        ("mobile", models.CharField(blank=True, max_length=32, verbose_name="手机")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="电子邮箱")),
                        ("since", models.DateField(verbose_name="自")),
                        ("until", models.DateField(null=True, verbose_name="至")),
                        ("withdrawn_on", models.DateField(null=True, verbose_name="撤回日期")),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by_name", models.CharField(max_length=128)),
                        (
                            "enterprise",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="service_consents",
                                to="registry.enterprise",
                            ),
                        ),
                        (
                            "sheet",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ground.evidence",
                                verbose_name="签署的确认书",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "送达地址确认书",
                        "ordering": ["-since", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                                name="a_consent_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("kinds", []), _negated=True), name="a_consent_names_a_way"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Service",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(db_index=True)),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("direct", "直接送达"),
                                    ("left", "留置送达"),
                                    ("mail", "邮寄送达"),
                                    ("entrusted", "委托送达"),
                                    ("forwarded", "转交送达"),
                                    ("electronic", "电子送达"),
                                    ("announced", "公告送达"),
                                ],
                                max_length=12,
                                verbose_name="送达方式",
                            ),
                        ),
                        ("receiver", models.CharField(max_length=60, verbose_name="收件人")),
                        ("place", models.CharField(max_length=200, verbose_name="送达地点")),
                        ("servers", models.JSONField(verbose_name="送达人")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="备注")),
                        ("details", models.JSONField(default=dict, verbose_name="凭据")),
                        ("served_at", models.DateTimeField(verbose_name="送达时间")),
                        (
                            "image",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ground.evidence",
                            ),
                        ),
                        (
                            "paper",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="service", to="papers.paper"
                            ),
                        ),
                        (
                            "receipt",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipt_of",
                                to="papers.paper",
                            ),
                        ),
                        (
                            "consent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="services",
                                to="papers.serviceconsent",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "送达",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("method", anguan.papers.rules.vocabulary.ServiceMethod["DIRECT"]),
                                        _negated=True,
                                    ),
                                    ("image__isnull", False),
                                    _connector="OR",
                                ),
                                name="direct_service_is_signed_for",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("method", anguan.papers.rules.vocabulary.ServiceMethod["DIRECT"]),
                                    models.Q(("note", ""), _negated=True),
                                    models.Q(("details", {}), _negated=True),
                                    _connector="OR",
                                ),
                                name="other_service_says_how",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Signature",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        (
                            "party",
                            models.CharField(
                                choices=[("officer", "执法人员"), ("enterprise", "被检查单位")], max_length=12
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=60, verbose_name="姓名")),
                        ("certificate_no", models.CharField(blank=True, max_length=40, verbose_name="执法证号")),
                        ("refused", models.BooleanField(default=False, verbose_name="拒签")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="备注")),
                        ("signed_at", models.DateTimeField()),
                        (
                            "image",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ground.evidence",
                            ),
                        ),
                        (
                            "paper",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signatures",
                                to="papers.paper",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "签名",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("party", anguan.papers.rules.vocabulary.Party["OFFICER"])),
                                fields=("paper", "certificate_no"),
                                name="an_officer_signs_a_paper_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("party", anguan.papers.rules.vocabulary.Party["ENTERPRISE"])),
                                fields=("paper",),
                                name="the_enterprise_signs_a_paper_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("image__isnull", False), ("refused", False)),
                                    models.Q(("refused", True), models.Q(("note", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="signed_with_an_image_or_refused_with_a_note",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("party", anguan.papers.rules.vocabulary.Party["OFFICER"]), _negated=True),
                                    models.Q(models.Q(("certificate_no", ""), _negated=True), ("refused", False)),
                                    _connector="OR",
                                ),
                                name="an_officer_signs_with_a_certificate",
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.RunSQL(
            sql="\nCREATE FUNCTION papers_refuse_change_of_issued() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n    IF TG_OP = 'DELETE' THEN\n        IF OLD.number = '' THEN\n            RETURN OLD;\n        END IF;\n        RAISE EXCEPTION 'paper % is never deleted', OLD.number;\n    END IF;\n    IF OLD.number <> '' AND (\n        NEW.uid, NEW.form, NEW.form_version, NEW.issuing_organ_id, NEW.handling_organ_id, NEW.entrustment_id,\n        NEW.enterprise_id, NEW.answers_id, NEW.title, NEW.prefix, NEW.year, NEW.serial, NEW.number, NEW.body,\n        NEW.content, NEW.body_hash, NEW.pdf_sha256, NEW.confirm_code, NEW.issued_at\n    ) IS DISTINCT FROM (\n        OLD.uid, OLD.form, OLD.form_version, OLD.issuing_organ_id, OLD.handling_organ_id, OLD.entrustment_id,\n        OLD.enterprise_id, OLD.answers_id, OLD.title, OLD.prefix, OLD.year, OLD.serial, OLD.number, OLD.body,\n        OLD.content, OLD.body_hash, OLD.pdf_sha256, OLD.confirm_code, OLD.issued_at\n    ) THEN\n        RAISE EXCEPTION 'paper % is issued and never changes', OLD.number;\n    END IF;\n    IF OLD.state = 'void' AND NEW IS DISTINCT FROM OLD THEN\n        RAISE EXCEPTION 'paper % is void and stays so', OLD.number;\n    END IF;\n    IF OLD.effective_at IS NOT NULL AND NEW.effective_at IS DISTINCT FROM OLD.effective_at THEN\n        RAISE EXCEPTION 'paper % is served and stays so', OLD.number;\n    END IF;\n    RETURN NEW;\nEND\n$$;\nCREATE TRIGGER issued_paper_never_changes BEFORE UPDATE OR DELETE ON papers_paper\n    FOR EACH ROW EXECUTE FUNCTION papers_refuse_change_of_issued();\nCREATE TRIGGER signature_is_append_only BEFORE UPDATE OR DELETE ON papers_signature\n    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();\nCREATE TRIGGER service_is_append_only BEFORE UPDATE OR DELETE ON papers_service\n    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();\nCREATE TRIGGER sealed_copy_is_append_only BEFORE UPDATE OR DELETE ON papers_sealedcopy\n    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();\n",
            reverse_sql="\nDROP TRIGGER sealed_copy_is_append_only ON papers_sealedcopy;\nDROP TRIGGER service_is_append_only ON papers_service;\nDROP TRIGGER signature_is_append_only ON papers_signature;\nDROP TRIGGER issued_paper_never_changes ON papers_paper;\nDROP FUNCTION papers_refuse_change_of_issued();\n",
        ),
        migrations.RunSQL(
            sql="\nCREATE TRIGGER attempt_is_append_only BEFORE UPDATE OR DELETE ON papers_serviceattempt\n    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();\nCREATE TRIGGER announcement_is_append_only BEFORE UPDATE OR DELETE ON papers_announcement\n    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();\nALTER TABLE papers_service ADD CONSTRAINT electronic_service_has_a_consent\n    CHECK (method <> 'electronic' OR consent_id IS NOT NULL) NOT VALID;\n",
            reverse_sql="\nALTER TABLE papers_service DROP CONSTRAINT electronic_service_has_a_consent;\nDROP TRIGGER announcement_is_append_only ON papers_announcement;\nDROP TRIGGER attempt_is_append_only ON papers_serviceattempt;\n",
        ),
        migrations.RunSQL(
            sql="\nCREATE TRIGGER form_version_is_append_only BEFORE UPDATE OR DELETE ON papers_formversion\n    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();\n",
            reverse_sql="DROP TRIGGER form_version_is_append_only ON papers_formversion;",
        ),
    ]
