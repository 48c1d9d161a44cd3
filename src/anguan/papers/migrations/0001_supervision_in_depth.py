import django.db.models.deletion
from django.db import migrations, models

import anguan.papers.rules.vocabulary


class Migration(migrations.Migration):
    replaces = [
        ("papers", "0001_first_papers"),
        ("papers", "0002_issued_papers_are_fixed"),
        ("papers", "0003_more_forms"),
    ]

    initial = True

    dependencies = [
        ("ground", "0001_supervision_in_depth"),
        ("people", "0001_supervision_in_depth"),
        ("registry", "0001_supervision_in_depth"),
    ]

    operations = [
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                        choices=[("draft", "拟稿"), ("issued", "已出具"), ("served", "已送达"), ("void", "已作废")],
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
                            models.Q(("number", ""), ("state", anguan.papers.rules.vocabulary.PaperState["DRAFT"])),
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
                            models.Q(("state", anguan.papers.rules.vocabulary.PaperState["VOID"]), _negated=True),
                            models.Q(("void_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_void_paper_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", anguan.papers.rules.vocabulary.PaperState["SERVED"]), _negated=True),
                            ("effective_at__isnull", False),
                            _connector="OR",
                        ),
                        name="a_served_paper_is_in_effect",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answers", models.F("id")), _negated=True), name="no_paper_answers_itself"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="sealed_copies", to="papers.paper"
                    ),
                ),
            ],
            options={
                "verbose_name": "盖章件",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(db_index=True)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("direct", "直接送达"),
                            ("left", "留置送达"),
                            ("mail", "邮寄送达"),
                            ("electronic", "电子送达"),
                        ],
                        max_length=12,
                        verbose_name="送达方式",
                    ),
                ),
                ("receiver", models.CharField(max_length=60, verbose_name="收件人")),
                ("place", models.CharField(max_length=200, verbose_name="送达地点")),
                ("servers", models.JSONField(verbose_name="送达人")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="备注")),
                ("served_at", models.DateTimeField(verbose_name="送达时间")),
                (
                    "image",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.evidence"
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
            ],
            options={
                "verbose_name": "送达",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("method", anguan.papers.rules.vocabulary.ServiceMethod["DIRECT"]), _negated=True),
                            ("image__isnull", False),
                            _connector="OR",
                        ),
                        name="direct_service_is_signed_for",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("method", anguan.papers.rules.vocabulary.ServiceMethod["DIRECT"]),
                            models.Q(("note", ""), _negated=True),
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
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(unique=True)),
                (
                    "party",
                    models.CharField(choices=[("officer", "执法人员"), ("enterprise", "被检查单位")], max_length=12),
                ),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="姓名")),
                ("certificate_no", models.CharField(blank=True, max_length=40, verbose_name="执法证号")),
                ("refused", models.BooleanField(default=False, verbose_name="拒签")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="备注")),
                ("signed_at", models.DateTimeField()),
                (
                    "image",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.evidence"
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="papers.paper"
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
        migrations.RunSQL(
            sql="\nCREATE FUNCTION papers_refuse_change_of_issued() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n    IF TG_OP = 'DELETE' THEN\n        IF OLD.number = '' THEN\n            RETURN OLD;\n        END IF;\n        RAISE EXCEPTION 'paper % is never deleted', OLD.number;\n    END IF;\n    IF OLD.number <> '' AND (\n        NEW.uid, NEW.form, NEW.form_version, NEW.issuing_organ_id, NEW.handling_organ_id, NEW.entrustment_id,\n        NEW.enterprise_id, NEW.answers_id, NEW.title, NEW.prefix, NEW.year, NEW.serial, NEW.number, NEW.body,\n        NEW.content, NEW.body_hash, NEW.pdf_sha256, NEW.confirm_code, NEW.issued_at\n    ) IS DISTINCT FROM (\n        OLD.uid, OLD.form, OLD.form_version, OLD.issuing_organ_id, OLD.handling_organ_id, OLD.entrustment_id,\n        OLD.enterprise_id, OLD.answers_id, OLD.title, OLD.prefix, OLD.year, OLD.serial, OLD.number, OLD.body,\n        OLD.content, OLD.body_hash, OLD.pdf_sha256, OLD.confirm_code, OLD.issued_at\n    ) THEN\n        RAISE EXCEPTION 'paper % is issued and never changes', OLD.number;\n    END IF;\n    IF OLD.state = 'void' AND NEW IS DISTINCT FROM OLD THEN\n        RAISE EXCEPTION 'paper % is void and stays so', OLD.number;\n    END IF;\n    IF OLD.effective_at IS NOT NULL AND NEW.effective_at IS DISTINCT FROM OLD.effective_at THEN\n        RAISE EXCEPTION 'paper % is served and stays so', OLD.number;\n    END IF;\n    RETURN NEW;\nEND\n$$;\nCREATE TRIGGER issued_paper_never_changes BEFORE UPDATE OR DELETE ON papers_paper\n    FOR EACH ROW EXECUTE FUNCTION papers_refuse_change_of_issued();\nCREATE TRIGGER signature_is_append_only BEFORE UPDATE OR DELETE ON papers_signature\n    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();\nCREATE TRIGGER service_is_append_only BEFORE UPDATE OR DELETE ON papers_service\n    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();\nCREATE TRIGGER sealed_copy_is_append_only BEFORE UPDATE OR DELETE ON papers_sealedcopy\n    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();\n",
            reverse_sql="\nDROP TRIGGER sealed_copy_is_append_only ON papers_sealedcopy;\nDROP TRIGGER service_is_append_only ON papers_service;\nDROP TRIGGER signature_is_append_only ON papers_signature;\nDROP TRIGGER issued_paper_never_changes ON papers_paper;\nDROP FUNCTION papers_refuse_change_of_issued();\n",
        ),
    ]
