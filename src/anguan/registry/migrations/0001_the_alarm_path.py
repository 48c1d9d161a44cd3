import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import anguan.ground.tables
import anguan.registry.rules


class Migration(migrations.Migration):
    replaces = [
        ("registry", "0001_initial"),
        ("registry", "0002_import_checking_and_lists"),
        ("registry", "0003_shops_and_recusals"),
        ("registry", "0004_coordinate_systems"),
        ("registry", "0005_floor_plans"),
        ("registry", "0006_district_boundary"),
    ]

    initial = True

    dependencies = [
        ("ground", "0001_the_alarm_path"),
        ("people", "0001_the_alarm_path"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        anguan.ground.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name="DistrictBoundary",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="名称")),
                        ("geometry", models.JSONField()),
                        ("points", models.PositiveIntegerField()),
                        (
                            "given_in",
                            models.CharField(
                                choices=[
                                    ("cgcs2000", "CGCS2000 或 WGS-84"),
                                    ("gcj02", "GCJ-02（高德、腾讯）"),
                                    ("bd09", "BD-09（百度）"),
                                ],
                                max_length=8,
                                verbose_name="坐标系",
                            ),
                        ),
                        ("sha256", models.CharField(max_length=64)),
                        ("loaded_at", models.DateTimeField()),
                        ("loaded_by_name", models.CharField(max_length=128)),
                    ],
                    options={
                        "verbose_name": "区界",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("points__gte", 4)), name="a_boundary_encloses_something"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Enterprise",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "tokens",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, editable=False, size=None
                            ),
                        ),
                        ("search_text", models.TextField(blank=True, editable=False)),
                        ("created_at", models.DateTimeField(editable=False)),
                        ("updated_at", models.DateTimeField(editable=False)),
                        ("address", models.CharField(max_length=200, verbose_name="地址")),
                        (
                            "longitude",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="经度"
                            ),
                        ),
                        (
                            "latitude",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="纬度"
                            ),
                        ),
                        (
                            "given_in",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("cgcs2000", "CGCS2000 或 WGS-84"),
                                    ("gcj02", "GCJ-02（高德、腾讯）"),
                                    ("bd09", "BD-09（百度）"),
                                ],
                                max_length=8,
                                verbose_name="坐标系",
                            ),
                        ),
                        ("name", models.CharField(max_length=150, verbose_name="单位名称")),
                        ("credit_code", models.CharField(max_length=18, unique=True, verbose_name="统一社会信用代码")),
                        ("industry_code", models.CharField(blank=True, max_length=8, verbose_name="行业代码")),
                        (
                            "risk_level",
                            models.CharField(
                                blank=True,
                                choices=[("A", "低"), ("B", "一般"), ("C", "较大"), ("D", "重大")],
                                max_length=1,
                                verbose_name="风险等级",
                            ),
                        ),
                        ("is_key", models.BooleanField(default=False, verbose_name="是否重点检查对象")),
                        ("supervised_by", models.CharField(blank=True, max_length=100, verbose_name="监管部门")),
                        ("principal", models.CharField(blank=True, max_length=60, verbose_name="主要负责人")),
                        ("phone", models.CharField(blank=True, max_length=32, verbose_name="联系电话")),
                        ("safety_managers", models.CharField(blank=True, max_length=120, verbose_name="安全管理人员")),
                        ("employees", models.PositiveIntegerField(blank=True, null=True, verbose_name="从业人数")),
                        ("founded_on", models.DateField(blank=True, null=True, verbose_name="成立日期")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("operating", "在营"),
                                    ("suspended", "停产"),
                                    ("cancelled", "注销"),
                                    ("revoked", "吊销"),
                                    ("moved_out", "迁出"),
                                ],
                                default=anguan.registry.rules.EnterpriseStatus["OPERATING"],
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("remark", models.CharField(blank=True, max_length=500, verbose_name="备注")),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="aliases",
                                to="registry.enterprise",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "企业",
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(fields=["tokens"], name="enterprise_words"),
                            models.Index(fields=["name", "id"], name="enterprise_by_name"),
                            models.Index(fields=["risk_level", "id"], name="enterprise_by_risk"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("merged_into", models.F("id")), _negated=True),
                                name="no_enterprise_is_its_own_alias",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeclaredConflict",
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
                                    ("relative", "近亲属任职"),
                                    ("shares", "持有股份"),
                                    ("former_staff", "三年内曾任职"),
                                    ("creditor", "债权债务"),
                                    ("pairing", "党建结对联系人"),
                                    ("consultant", "提供咨询服务"),
                                    ("other", "其他可能影响公正的关系"),
                                ],
                                max_length=20,
                                verbose_name="情形",
                            ),
                        ),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        ("source", models.CharField(blank=True, max_length=200, verbose_name="来源")),
                        ("declared_at", models.DateTimeField()),
                        ("declared_by_name", models.CharField(max_length=128)),
                        (
                            "officer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="conflicts",
                                to="people.officer",
                            ),
                        ),
                        (
                            "enterprise",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="conflicts",
                                to="registry.enterprise",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "回避申报",
                    },
                ),
                migrations.CreateModel(
                    name="Complex",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "tokens",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, editable=False, size=None
                            ),
                        ),
                        ("search_text", models.TextField(blank=True, editable=False)),
                        ("created_at", models.DateTimeField(editable=False)),
                        ("updated_at", models.DateTimeField(editable=False)),
                        ("address", models.CharField(max_length=200, verbose_name="地址")),
                        (
                            "longitude",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="经度"
                            ),
                        ),
                        (
                            "latitude",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="纬度"
                            ),
                        ),
                        (
                            "given_in",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("cgcs2000", "CGCS2000 或 WGS-84"),
                                    ("gcj02", "GCJ-02（高德、腾讯）"),
                                    ("bd09", "BD-09（百度）"),
                                ],
                                max_length=8,
                                verbose_name="坐标系",
                            ),
                        ),
                        ("name", models.CharField(max_length=150, unique=True, verbose_name="综合体名称")),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="complexes",
                                to="registry.enterprise",
                                verbose_name="运营管理单位",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "综合体",
                    },
                ),
                migrations.CreateModel(
                    name="Building",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "tokens",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, editable=False, size=None
                            ),
                        ),
                        ("search_text", models.TextField(blank=True, editable=False)),
                        ("created_at", models.DateTimeField(editable=False)),
                        ("updated_at", models.DateTimeField(editable=False)),
                        ("address", models.CharField(max_length=200, verbose_name="地址")),
                        (
                            "longitude",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="经度"
                            ),
                        ),
                        (
                            "latitude",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="纬度"
                            ),
                        ),
                        (
                            "given_in",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("cgcs2000", "CGCS2000 或 WGS-84"),
                                    ("gcj02", "GCJ-02（高德、腾讯）"),
                                    ("bd09", "BD-09（百度）"),
                                ],
                                max_length=8,
                                verbose_name="坐标系",
                            ),
                        ),
                        ("name", models.CharField(max_length=150, verbose_name="建筑名称")),
                        ("height_m", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="建筑高度")),
                        ("storeys_above", models.PositiveSmallIntegerField(verbose_name="地上层数")),
                        (
                            "storeys_below",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="地下层数"),
                        ),
                        (
                            "area_m2",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="建筑面积"
                            ),
                        ),
                        (
                            "use",
                            models.CharField(
                                choices=[
                                    ("residential", "住宅"),
                                    ("public", "公共"),
                                    ("mixed", "综合"),
                                    ("factory", "厂房"),
                                    ("warehouse", "仓库"),
                                ],
                                max_length=12,
                                verbose_name="使用性质",
                            ),
                        ),
                        (
                            "built_year",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="建成年份"),
                        ),
                        ("is_high_rise", models.BooleanField(editable=False, verbose_name="高层建筑")),
                        (
                            "manager",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="buildings",
                                to="registry.enterprise",
                                verbose_name="管理单位",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "建筑",
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(fields=["tokens"], name="building_words"),
                            models.Index(fields=["name", "id"], name="building_by_name"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("name", "address"), name="one_building_of_a_name_at_an_address"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExpertRecusal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=200, verbose_name="来源")),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "enterprise",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="expert_recusals",
                                to="registry.enterprise",
                            ),
                        ),
                        (
                            "expert",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="recusals", to="people.expert"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "专家回避",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until__isnull", True)),
                                fields=("expert", "enterprise"),
                                name="one_open_recusal_per_enterprise",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("until__gte", models.F("since"))),
                                name="recusal_ends_after_it_begins",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FloorPlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("storey", models.SmallIntegerField(verbose_name="楼层")),
                        ("part", models.CharField(blank=True, max_length=40, verbose_name="部位")),
                        ("width", models.PositiveIntegerField()),
                        ("height", models.PositiveIntegerField()),
                        ("uploaded_at", models.DateTimeField()),
                        ("uploaded_by_name", models.CharField(max_length=128)),
                        (
                            "building",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="floor_plans",
                                to="registry.building",
                                verbose_name="建筑",
                            ),
                        ),
                        (
                            "evidence",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ground.evidence"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "平面图",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("building", "storey", "part"), name="one_plan_of_a_part_of_a_storey"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("storey", 0), _negated=True), name="no_storey_is_number_zero"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("height__gt", 0), ("width__gt", 0)), name="a_plan_has_an_area"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=16)),
                        ("file_name", models.CharField(max_length=200)),
                        ("file_sha256", models.CharField(max_length=64)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("uploaded", "已上传"),
                                    ("checking", "核对中"),
                                    ("checked", "已核对"),
                                    ("writing", "写入中"),
                                    ("done", "已导入"),
                                    ("failed", "未导入"),
                                ],
                                default="uploaded",
                                max_length=12,
                            ),
                        ),
                        ("mapping", models.JSONField(default=dict)),
                        ("partial", models.BooleanField(default=False)),
                        ("done_rows", models.PositiveIntegerField(default=0)),
                        ("total_rows", models.PositiveIntegerField(default=0)),
                        ("summary", models.JSONField(default=dict)),
                        ("problems", models.JSONField(default=list)),
                        ("failure", models.CharField(blank=True, max_length=500)),
                        ("uploaded_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "导入",
                    },
                ),
                migrations.CreateModel(
                    name="KeyUnit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "tokens",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, editable=False, size=None
                            ),
                        ),
                        ("search_text", models.TextField(blank=True, editable=False)),
                        ("created_at", models.DateTimeField(editable=False)),
                        ("updated_at", models.DateTimeField(editable=False)),
                        ("name", models.CharField(max_length=150, verbose_name="单位名称")),
                        ("category", models.CharField(max_length=60, verbose_name="列管类别")),
                        ("building_name", models.CharField(blank=True, max_length=150, verbose_name="所在建筑")),
                        ("address", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                        ("designated_on", models.DateField(blank=True, null=True, verbose_name="确定日期")),
                        ("fire_principal", models.CharField(blank=True, max_length=60, verbose_name="消防安全责任人")),
                        ("fire_manager", models.CharField(blank=True, max_length=60, verbose_name="消防安全管理人")),
                        ("phone", models.CharField(blank=True, max_length=32, verbose_name="联系电话")),
                        (
                            "building",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="key_units",
                                to="registry.building",
                            ),
                        ),
                        (
                            "enterprise",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="key_units",
                                to="registry.enterprise",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "消防安全重点单位",
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(fields=["tokens"], name="key_unit_words"),
                            models.Index(fields=["name", "id"], name="key_unit_by_name"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("enterprise", "name"), name="one_key_unit_of_a_name_per_enterprise"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
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
                                choices=[("principal", "企业主要负责人"), ("safety_manager", "企业安全管理人员")],
                                max_length=20,
                            ),
                        ),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "enterprise",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="members",
                                to="registry.enterprise",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "企业成员",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until__isnull", True)),
                                fields=("user", "enterprise", "role"),
                                name="one_open_membership_per_role",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Site",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "tokens",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, editable=False, size=None
                            ),
                        ),
                        ("search_text", models.TextField(blank=True, editable=False)),
                        ("created_at", models.DateTimeField(editable=False)),
                        ("updated_at", models.DateTimeField(editable=False)),
                        ("address", models.CharField(max_length=200, verbose_name="地址")),
                        (
                            "longitude",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="经度"
                            ),
                        ),
                        (
                            "latitude",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="纬度"
                            ),
                        ),
                        (
                            "given_in",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("cgcs2000", "CGCS2000 或 WGS-84"),
                                    ("gcj02", "GCJ-02（高德、腾讯）"),
                                    ("bd09", "BD-09（百度）"),
                                ],
                                max_length=8,
                                verbose_name="坐标系",
                            ),
                        ),
                        ("name", models.CharField(max_length=150, verbose_name="工程名称")),
                        ("permit_no", models.CharField(max_length=60, unique=True, verbose_name="施工许可证号")),
                        ("developer", models.CharField(blank=True, max_length=150, verbose_name="建设单位")),
                        ("supervising_firm", models.CharField(blank=True, max_length=150, verbose_name="监理单位")),
                        ("project_type", models.CharField(blank=True, max_length=60, verbose_name="工程类型")),
                        ("started_on", models.DateField(verbose_name="开工日期")),
                        ("planned_finish_on", models.DateField(blank=True, null=True, verbose_name="计划竣工日期")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("planned", "未开工"),
                                    ("active", "在建"),
                                    ("suspended", "停工"),
                                    ("completed", "竣工"),
                                ],
                                default=anguan.registry.rules.SiteStatus["ACTIVE"],
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "contractor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sites",
                                to="registry.enterprise",
                                verbose_name="施工单位",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "建筑工地",
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(fields=["tokens"], name="site_words"),
                            models.Index(fields=["name", "id"], name="site_by_name"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Tenant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "tokens",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, editable=False, size=None
                            ),
                        ),
                        ("search_text", models.TextField(blank=True, editable=False)),
                        ("created_at", models.DateTimeField(editable=False)),
                        ("updated_at", models.DateTimeField(editable=False)),
                        ("unit_no", models.CharField(max_length=32, verbose_name="铺位号")),
                        ("name", models.CharField(max_length=150, verbose_name="商户名称")),
                        ("business", models.CharField(blank=True, max_length=60, verbose_name="业态")),
                        ("powered_all_night", models.BooleanField(default=False, verbose_name="24小时供电")),
                        ("uses_gas", models.BooleanField(default=False, verbose_name="用气")),
                        ("manager", models.CharField(blank=True, max_length=60, verbose_name="负责人")),
                        ("phone", models.CharField(blank=True, max_length=32, verbose_name="联系电话")),
                        (
                            "complex",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tenants",
                                to="registry.complex",
                                verbose_name="综合体",
                            ),
                        ),
                        (
                            "enterprise",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shops",
                                to="registry.enterprise",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "商户",
                        "constraints": [
                            models.UniqueConstraint(fields=("complex", "unit_no"), name="one_shop_per_unit")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ShopMembership",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shop_memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "tenant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="members",
                                to="registry.tenant",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "商户成员",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until__isnull", True)),
                                fields=("user", "tenant"),
                                name="one_open_membership_per_shop",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("until__gte", models.F("since"))),
                                name="shop_membership_ends_after_it_begins",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
