import django.db.models.deletion
from django.db import migrations, models

import anguan.ground.tables


class Migration(migrations.Migration):
    replaces = [
        ("ground", "0001_initial"),
        ("ground", "0002_audit_is_append_only"),
        ("ground", "0003_outbox_secrets_and_dead_letters"),
        ("ground", "0002_urgent_messages_and_receipts"),
    ]

    initial = True

    dependencies = []

    operations = [
        anguan.ground.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name="AuditHead",
                    fields=[
                        ("chain", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("position", models.BigIntegerField()),
                        ("hash", models.CharField(max_length=64)),
                    ],
                ),
                migrations.CreateModel(
                    name="AuditRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("chain", models.BigIntegerField(verbose_name="链")),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        ("actor_kind", models.CharField(max_length=16)),
                        ("actor_id", models.CharField(blank=True, max_length=64)),
                        ("actor_name", models.CharField(blank=True, max_length=128, verbose_name="办理人")),
                        ("action", models.CharField(max_length=64, verbose_name="动作")),
                        ("subject_type", models.CharField(max_length=64)),
                        ("subject_id", models.CharField(max_length=64)),
                        ("cause", models.CharField(blank=True, max_length=256, verbose_name="缘由")),
                        ("before", models.JSONField(null=True)),
                        ("after", models.JSONField(null=True)),
                        ("content_hash", models.CharField(max_length=64)),
                    ],
                    options={
                        "verbose_name": "审计记录",
                        "indexes": [
                            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_by_subject"),
                            models.Index(fields=["-at"], name="audit_by_time"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Evidence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(unique=True)),
                        ("sha256", models.CharField(db_index=True, max_length=64)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("photo", "照片"),
                                    ("signature", "签名"),
                                    ("document", "文件"),
                                    ("scan", "扫描件"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("media_type", models.CharField(max_length=64)),
                        ("size", models.PositiveBigIntegerField()),
                        ("name", models.CharField(blank=True, max_length=200)),
                        ("taken_at", models.DateTimeField(verbose_name="拍摄时间")),
                        ("clock_offset_ms", models.BigIntegerField(default=0, verbose_name="设备时钟偏差")),
                        ("latitude", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                        ("longitude", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                        ("accuracy_m", models.PositiveIntegerField(null=True)),
                        ("taken_by_id", models.CharField(max_length=64)),
                        ("taken_by_name", models.CharField(max_length=128)),
                        ("owner_type", models.CharField(max_length=64)),
                        ("owner_id", models.CharField(max_length=64)),
                        ("stored_at", models.DateTimeField()),
                        (
                            "parent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="derived",
                                to="ground.evidence",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "证据",
                        "indexes": [models.Index(fields=["owner_type", "owner_id"], name="evidence_by_owner")],
                    },
                ),
                migrations.CreateModel(
                    name="Heartbeat",
                    fields=[
                        ("process", models.CharField(max_length=32, primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="HolidayNotice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                        ("version", models.PositiveSmallIntegerField(verbose_name="版本")),
                        ("holidays", models.JSONField(verbose_name="放假日")),
                        ("make_up_days", models.JSONField(verbose_name="调休上班日")),
                        ("source", models.CharField(max_length=300, verbose_name="通知文号或网址")),
                        ("imported_at", models.DateTimeField(verbose_name="导入时间")),
                        ("imported_by", models.CharField(max_length=128, verbose_name="导入人")),
                    ],
                    options={
                        "verbose_name": "节假日安排通知",
                        "ordering": ["-year", "-version"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("year", "version"), name="one_notice_for_each_year_and_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NumberSeries",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("organ_id", models.BigIntegerField()),
                        ("prefix", models.CharField(max_length=32)),
                        ("year", models.PositiveSmallIntegerField()),
                        ("last", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("organ_id", "prefix", "year"), name="one_series_a_year")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutboxMessage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("channel", models.CharField(max_length=16)),
                        ("address", models.CharField(max_length=256)),
                        ("recipient_id", models.CharField(blank=True, max_length=64)),
                        ("recipient_name", models.CharField(blank=True, max_length=128)),
                        ("title", models.CharField(max_length=256)),
                        ("body", models.TextField(blank=True)),
                        ("link", models.CharField(blank=True, max_length=256)),
                        ("key", models.CharField(max_length=128, unique=True)),
                        ("is_secret", models.BooleanField(default=False)),
                        ("is_urgent", models.BooleanField(db_default=False, default=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "待发"),
                                    ("sent", "已发"),
                                    ("dead", "未送达"),
                                    ("dropped", "不再发送"),
                                ],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("next_attempt_at", models.DateTimeField()),
                        ("last_error", models.CharField(blank=True, max_length=500)),
                        ("created_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("receipt", models.CharField(blank=True, db_default="", max_length=500)),
                    ],
                    options={
                        "verbose_name": "待发消息",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("is_urgent", False), ("state", "waiting")),
                                fields=["next_attempt_at"],
                                name="outbox_due",
                            ),
                            models.Index(
                                condition=models.Q(("is_urgent", True), ("state", "waiting")),
                                fields=["next_attempt_at"],
                                name="outbox_due_urgently",
                            ),
                            models.Index(fields=["recipient_id", "-id"], name="outbox_by_recipient"),
                            models.Index(condition=models.Q(("state", "dead")), fields=["-id"], name="outbox_dead"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RuleRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("rule_id", models.CharField(max_length=64, verbose_name="规则编号")),
                        ("jurisdiction", models.CharField(default="CN", max_length=16, verbose_name="适用地区")),
                        ("version", models.PositiveIntegerField(verbose_name="版本")),
                        ("title", models.CharField(max_length=200, verbose_name="名称")),
                        ("source", models.CharField(max_length=200, verbose_name="法律文件")),
                        ("clause", models.CharField(blank=True, max_length=100, verbose_name="条款")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("period", "单一期间"),
                                    ("backward", "倒推期间"),
                                    ("capped", "按日累计封顶"),
                                    ("compound", "分段或可延长"),
                                    ("dependent", "起算点由程序定"),
                                    ("fixed_date", "固定日期"),
                                    ("range", "幅度"),
                                    ("trigger", "次数触发"),
                                    ("threshold", "界限值"),
                                    ("setting", "设置"),
                                    ("text", "文书用语"),
                                ],
                                max_length=16,
                                verbose_name="类型",
                            ),
                        ),
                        ("count", models.PositiveIntegerField(null=True, verbose_name="数量")),
                        (
                            "unit",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("working_days", "工作日"),
                                    ("calendar_days", "日（自然日）"),
                                    ("months", "个月"),
                                    ("hours", "小时"),
                                ],
                                max_length=16,
                                verbose_name="单位",
                            ),
                        ),
                        ("roll_forward", models.BooleanField(default=False, verbose_name="遇休息日顺延")),
                        ("valid_from", models.DateField(null=True, verbose_name="施行日期")),
                        ("valid_to", models.DateField(null=True, verbose_name="失效日期")),
                        ("verified", models.BooleanField(default=False, verbose_name="已核对原文")),
                        ("tag", models.CharField(blank=True, max_length=16, verbose_name="证据级别")),
                        ("note", models.TextField(blank=True, verbose_name="说明")),
                        ("values", models.JSONField(default=dict)),
                        ("fingerprint", models.CharField(max_length=64)),
                        ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                    ],
                    options={
                        "verbose_name": "规则记录",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("rule_id", "jurisdiction", "version"), name="one_record_for_each_rule_version"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to__isnull", True),
                                    ("valid_from__isnull", True),
                                    ("valid_to__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="a_rule_ends_after_it_begins",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditSeal",
                    fields=[
                        (
                            "record",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="seal",
                                serialize=False,
                                to="ground.auditrecord",
                            ),
                        ),
                        ("chain", models.BigIntegerField()),
                        ("position", models.BigIntegerField()),
                        ("hash", models.CharField(max_length=64)),
                        ("sealed_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("chain", "position"), name="one_record_at_each_position")
                        ],
                    },
                ),
            ],
        ),
        migrations.RunSQL(
            sql="\nCREATE FUNCTION ground_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n    RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME;\nEND\n$$;\nCREATE TRIGGER audit_record_is_append_only BEFORE UPDATE OR DELETE ON ground_auditrecord\n    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();\nCREATE TRIGGER audit_seal_is_append_only BEFORE UPDATE OR DELETE ON ground_auditseal\n    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();\nCREATE TRIGGER evidence_is_append_only BEFORE UPDATE OR DELETE ON ground_evidence\n    FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();\n",
            reverse_sql="\nDROP TRIGGER evidence_is_append_only ON ground_evidence;\nDROP TRIGGER audit_seal_is_append_only ON ground_auditseal;\nDROP TRIGGER audit_record_is_append_only ON ground_auditrecord;\nDROP FUNCTION ground_refuse_change();\n",
        ),
    ]
