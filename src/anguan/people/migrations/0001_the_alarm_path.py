import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import anguan.ground.tables
import anguan.people.rules


class Migration(migrations.Migration):
    replaces = [
        ("people", "0001_initial"),
        ("people", "0002_reset_by_mail"),
        ("people", "0003_experts_accounts_and_invitations"),
        ("people", "0002_duty_shifts"),
    ]

    initial = True

    dependencies = []

    operations = [
        anguan.ground.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        ("username", models.CharField(max_length=64, unique=True, verbose_name="账号")),
                        ("name", models.CharField(max_length=60, verbose_name="姓名")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="邮箱")),
                        ("phone", models.CharField(blank=True, max_length=32, verbose_name="手机")),
                        ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "verbose_name": "用户",
                    },
                ),
                migrations.CreateModel(
                    name="Department",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="名称")),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="departments",
                                to="people.organ",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "科室",
                        "constraints": [
                            models.UniqueConstraint(fields=("organ", "name"), name="one_department_of_a_name_per_organ")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Expert",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="姓名")),
                        ("employer", models.CharField(max_length=100, verbose_name="单位")),
                        (
                            "specialities",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=32),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="专业",
                            ),
                        ),
                        ("title", models.CharField(blank=True, max_length=60, verbose_name="职称")),
                        ("term_to", models.DateField(blank=True, null=True, verbose_name="聘期至")),
                        (
                            "fee_yuan",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="酬劳（元/天）"
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="expert",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="experts",
                                to="people.organ",
                                verbose_name="聘任机构",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "专家",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("name", "employer"), name="one_expert_of_a_name_per_employer"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("fee_yuan__gte", 0)), name="nobody_pays_to_advise"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OneTimeCode",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code_hash", models.CharField(max_length=64, unique=True)),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("first_login", "首次登录"),
                                    ("recovery", "恢复登录"),
                                    ("invitation", "邀请开通账号"),
                                    ("reset", "重设密码"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("enterprise_id", models.BigIntegerField(null=True)),
                        ("tenant_id", models.BigIntegerField(null=True)),
                        (
                            "role",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("system_admin", "系统管理员"),
                                    ("security_admin", "安全管理员（三员）"),
                                    ("audit_admin", "审计管理员"),
                                    ("clerk", "内勤（底账）"),
                                    ("officer", "执法人员"),
                                    ("leader", "机关负责人"),
                                    ("legal_reviewer", "法制审核员"),
                                    ("duty_officer", "值班员"),
                                    ("department", "其他部门经办人"),
                                    ("expert", "专家"),
                                    ("supervisor", "司法监督员"),
                                    ("principal", "企业主要负责人"),
                                    ("safety_manager", "企业安全管理人员"),
                                    ("tenant", "商户"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("skips_second_factor", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField()),
                        ("created_by_name", models.CharField(max_length=128)),
                        ("expires_at", models.DateTimeField()),
                        ("used_at", models.DateTimeField(null=True)),
                        (
                            "expert",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="codes",
                                to="people.expert",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="codes",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "一次性码",
                    },
                ),
                migrations.CreateModel(
                    name="Organ",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=100, unique=True, verbose_name="名称")),
                        (
                            "short_name",
                            models.CharField(
                                help_text="如 川遂，写在文号的括号里", max_length=20, verbose_name="文号简称"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
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
                                verbose_name="类型",
                            ),
                        ),
                        ("review_body", models.CharField(blank=True, max_length=100, verbose_name="复议机关")),
                        ("court", models.CharField(blank=True, max_length=100, verbose_name="管辖法院")),
                        ("address", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                        ("phone", models.CharField(blank=True, max_length=32, verbose_name="电话")),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="branches",
                                to="people.organ",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "机构",
                    },
                ),
                migrations.CreateModel(
                    name="Officer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="姓名")),
                        ("certificate_no", models.CharField(max_length=40, unique=True, verbose_name="执法证号")),
                        ("valid_to", models.DateField(verbose_name="有效期至")),
                        (
                            "specialities",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=32),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="执法领域",
                            ),
                        ),
                        ("can_lead", models.BooleanField(default=False, verbose_name="可任组长")),
                        ("capacity", models.PositiveSmallIntegerField(default=5, verbose_name="每批最多承担")),
                        (
                            "department",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="people.department",
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="officer",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="officers", to="people.organ"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "执法人员",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("capacity__gte", 1)), name="officer_can_take_at_least_one"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Entrustment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("document", models.CharField(max_length=100, verbose_name="委托书")),
                        (
                            "matters",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("inspect", "行政检查"),
                                        ("order", "责令改正"),
                                        ("coerce", "行政强制"),
                                        ("penalise", "行政处罚"),
                                    ],
                                    max_length=16,
                                ),
                                size=None,
                            ),
                        ),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField()),
                        ("publication_url", models.URLField(blank=True)),
                        (
                            "entrusted",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entrustments_held",
                                to="people.organ",
                            ),
                        ),
                        (
                            "entrusting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entrustments_given",
                                to="people.organ",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "委托",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                                name="entrustment_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("entrusting", models.F("entrusted")), _negated=True),
                                name="nobody_entrusts_themselves",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DutyShift",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "post",
                            models.CharField(
                                choices=[("operator", "值班员"), ("leader", "带班领导")],
                                default=anguan.people.rules.DutyPost["OPERATOR"],
                                max_length=12,
                                verbose_name="岗位",
                            ),
                        ),
                        ("since", models.DateTimeField(verbose_name="接班")),
                        ("until", models.DateTimeField(verbose_name="交班")),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="duty_shifts",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="duty_shifts",
                                to="people.organ",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "值班",
                        "indexes": [models.Index(fields=["organ", "until"], name="duty_of_an_organ_by_end")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until__gt", models.F("since"))),
                                name="duty_shift_ends_after_it_begins",
                            ),
                            models.UniqueConstraint(fields=("user", "since"), name="nobody_begins_two_shifts_at_once"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Competence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "matter",
                            models.CharField(
                                choices=[
                                    ("inspect", "行政检查"),
                                    ("order", "责令改正"),
                                    ("coerce", "行政强制"),
                                    ("penalise", "行政处罚"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("statute", models.CharField(max_length=60, verbose_name="法律")),
                        ("article", models.CharField(max_length=60, verbose_name="条款")),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        ("verified", models.BooleanField(default=False, verbose_name="已核实")),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="competences",
                                to="people.organ",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "职权",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organ", "matter", "statute", "article", "valid_from"),
                                name="one_competence_per_basis",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RoleGrant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("system_admin", "系统管理员"),
                                    ("security_admin", "安全管理员（三员）"),
                                    ("audit_admin", "审计管理员"),
                                    ("clerk", "内勤（底账）"),
                                    ("officer", "执法人员"),
                                    ("leader", "机关负责人"),
                                    ("legal_reviewer", "法制审核员"),
                                    ("duty_officer", "值班员"),
                                    ("department", "其他部门经办人"),
                                    ("expert", "专家"),
                                    ("supervisor", "司法监督员"),
                                    ("principal", "企业主要负责人"),
                                    ("safety_manager", "企业安全管理人员"),
                                    ("tenant", "商户"),
                                ],
                                max_length=20,
                                verbose_name="角色",
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="people.organ"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="grants",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "授权",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "role", "organ"), name="one_grant_per_role_and_organ"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Leave",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("since", models.DateField()),
                        ("until", models.DateField()),
                        ("reason", models.CharField(blank=True, max_length=60)),
                        (
                            "officer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="leaves", to="people.officer"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until__gte", models.F("since"))), name="leave_ends_after_it_begins"
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
