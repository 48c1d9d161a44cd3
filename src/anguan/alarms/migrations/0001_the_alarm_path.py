import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import anguan.alarms.models.intake
import anguan.ground.tables


class Migration(migrations.Migration):
    replaces = [
        ("alarms", "0001_devices_and_intake"),
        ("alarms", "0002_partitioned_intake"),
        ("alarms", "0003_incidents"),
        ("alarms", "0004_points_on_plans"),
        ("alarms", "0005_frames_read_again"),
        ("alarms", "0006_devices_told_apart_by_topic"),
        ("alarms", "0007_frames_through_a_stream"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_the_alarm_path"),
        ("registry", "0001_the_alarm_path"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        anguan.ground.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name="Frame",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "start_id",
                                "number",
                                "received_at",
                                "is_routine",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("start_id", models.BigIntegerField()),
                        ("number", models.BigIntegerField(verbose_name="接收序号")),
                        ("received_at", models.DateTimeField(verbose_name="接收时间")),
                        ("is_routine", models.BooleanField(verbose_name="例行报文")),
                        (
                            "transport",
                            models.SmallIntegerField(
                                choices=[(0, "平台自身"), (1, "TCP"), (2, "UDP"), (3, "MQTT"), (4, "HTTP")],
                                verbose_name="传输方式",
                            ),
                        ),
                        ("source", models.CharField(max_length=64, verbose_name="源地址")),
                        ("device_id", models.BigIntegerField(null=True)),
                        ("serial", models.IntegerField(null=True, verbose_name="业务流水号")),
                        ("command", models.SmallIntegerField(null=True, verbose_name="命令字节")),
                        ("type", models.SmallIntegerField(null=True, verbose_name="类型标志")),
                        ("client_id", models.UUIDField(null=True, verbose_name="请求编号")),
                        ("raw", models.BinaryField(verbose_name="原始报文")),
                        ("problem", models.TextField(blank=True, verbose_name="解析问题")),
                    ],
                    options={
                        "verbose_name": "报文",
                        "db_table": "alarms_frame",
                        "managed": False,
                    },
                ),
                migrations.CreateModel(
                    name="Reading",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "start_id",
                                "number",
                                "index",
                                "received_at",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("start_id", models.BigIntegerField()),
                        ("number", models.BigIntegerField()),
                        ("index", models.SmallIntegerField()),
                        ("received_at", models.DateTimeField(verbose_name="接收时间")),
                        ("device_id", models.BigIntegerField()),
                        ("system_type", models.SmallIntegerField()),
                        ("system_address", models.SmallIntegerField()),
                        ("component_type", models.SmallIntegerField()),
                        ("component_address", models.BigIntegerField()),
                        ("value", models.FloatField(verbose_name="数值")),
                        ("unit", models.CharField(max_length=16, verbose_name="单位")),
                        ("measured_at", models.DateTimeField(null=True, verbose_name="测量时间")),
                    ],
                    options={
                        "verbose_name": "模拟量",
                        "db_table": "alarms_reading",
                        "managed": False,
                    },
                ),
                migrations.CreateModel(
                    name="Point",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("system_type", models.PositiveSmallIntegerField(verbose_name="系统类型")),
                        ("system_address", models.PositiveSmallIntegerField(verbose_name="系统地址")),
                        ("component_type", models.SmallIntegerField(default=-1, verbose_name="部件类型")),
                        ("component_address", models.BigIntegerField(default=0, verbose_name="部件地址")),
                        ("text", models.CharField(blank=True, max_length=100, verbose_name="位置说明")),
                        ("zone", models.CharField(blank=True, max_length=60, verbose_name="防火分区")),
                        ("maker", models.CharField(blank=True, max_length=60, verbose_name="厂家")),
                        ("x", models.FloatField(blank=True, null=True, verbose_name="平面图横坐标")),
                        ("y", models.FloatField(blank=True, null=True, verbose_name="平面图纵坐标")),
                        ("is_critical", models.BooleanField(default=False, verbose_name="关键点位")),
                        (
                            "device",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="points",
                                to="alarms.device",
                                verbose_name="装置",
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="alarm_points",
                                to="registry.floorplan",
                                verbose_name="平面图",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "点位",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=(
                                    "device",
                                    "system_type",
                                    "system_address",
                                    "component_type",
                                    "component_address",
                                ),
                                name="a_device_names_a_point_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("plan__isnull", True), ("x__isnull", True), ("y__isnull", True)),
                                    models.Q(("plan__isnull", False), ("x__range", (0, 1)), ("y__range", (0, 1))),
                                    _connector="OR",
                                ),
                                name="a_point_stands_on_a_plan_or_on_none",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResendKey",
                    fields=[
                        ("key", models.UUIDField(primary_key=True, serialize=False)),
                        ("until", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "重发识别",
                    },
                ),
                migrations.CreateModel(
                    name="Device",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=64, unique=True, verbose_name="源地址")),
                        (
                            "identified_by",
                            models.CharField(
                                choices=[("address", "源地址"), ("session", "连接地址"), ("topic", "MQTT 主题")],
                                default="address",
                                max_length=8,
                                verbose_name="识别方式",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("unknown", "未接入"), ("admitted", "已接入"), ("blocked", "已停用")],
                                default="unknown",
                                max_length=8,
                                verbose_name="接入状态",
                            ),
                        ),
                        ("place", models.CharField(blank=True, max_length=100, verbose_name="安装位置")),
                        (
                            "profile",
                            models.CharField(
                                choices=[
                                    ("standard", "标准"),
                                    ("dahua", "大华"),
                                    ("dahua-bcd", "大华（时间为 BCD 码）"),
                                    ("fb2018", "富贝 2018"),
                                    ("fb2024", "富贝 2024"),
                                    ("eei", "依爱"),
                                    ("fscn", "赋安"),
                                ],
                                default="standard",
                                max_length=16,
                                verbose_name="协议方言",
                            ),
                        ),
                        ("maker", models.CharField(blank=True, max_length=60, verbose_name="厂家")),
                        ("model", models.CharField(blank=True, max_length=60, verbose_name="型号")),
                        ("heartbeat_s", models.PositiveIntegerField(default=30, verbose_name="心跳间隔（秒）")),
                        (
                            "poll_every_s",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="巡检间隔（秒）"),
                        ),
                        ("token_hash", models.CharField(blank=True, editable=False, max_length=64)),
                        ("needs_reading_again", models.BooleanField(db_default=False, default=False, editable=False)),
                        ("first_heard_at", models.DateTimeField(null=True, verbose_name="首次收到")),
                        ("last_heard_at", models.DateTimeField(null=True, verbose_name="最近收到")),
                        ("is_online", models.BooleanField(default=False, verbose_name="在线")),
                        ("clock_offset", models.FloatField(null=True, verbose_name="时钟误差（秒）")),
                        ("last_polled_at", models.DateTimeField(null=True, verbose_name="最近巡检")),
                        (
                            "building",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="alarm_devices",
                                to="registry.building",
                                verbose_name="建筑",
                            ),
                        ),
                        (
                            "enterprise",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="alarm_devices",
                                to="registry.enterprise",
                                verbose_name="单位",
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="alarm_devices",
                                to="people.organ",
                                verbose_name="接警机构",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "用户信息传输装置",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("source", ""), _negated=True), name="a_device_has_a_source"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "admitted"), _negated=True),
                                    ("organ__isnull", False),
                                    _connector="OR",
                                ),
                                name="an_admitted_device_belongs_to_an_organ",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("heartbeat_s__gte", 1)), name="a_heartbeat_takes_at_least_a_second"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("poll_every_s__isnull", True), ("poll_every_s__range", (10, 7200)), _connector="OR"
                                ),
                                name="a_device_is_polled_within_two_hours",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("token_hash", ""), _negated=True),
                                fields=("token_hash",),
                                name="a_token_opens_one_device",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Command",
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
                                    ("set_clock", "校时"),
                                    ("poll", "巡检"),
                                    ("query", "查询"),
                                    ("duty_check", "查岗"),
                                ],
                                max_length=12,
                                verbose_name="命令",
                            ),
                        ),
                        ("arguments", models.JSONField(default=dict, verbose_name="参数")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "待发送"),
                                    ("sent", "已发送"),
                                    ("confirmed", "装置已确认"),
                                    ("answered", "装置已应答"),
                                    ("denied", "装置否认"),
                                    ("unanswered", "装置未应答"),
                                    ("not_connected", "装置未连接"),
                                    ("unusable", "命令无效"),
                                ],
                                default="waiting",
                                max_length=16,
                                verbose_name="结果",
                            ),
                        ),
                        ("outcome", models.JSONField(default=dict, verbose_name="应答内容")),
                        ("asked_at", models.DateTimeField(verbose_name="下达时间")),
                        ("asked_by_id", models.CharField(blank=True, max_length=64)),
                        ("asked_by_name", models.CharField(blank=True, max_length=128, verbose_name="下达人")),
                        ("sent_at", models.DateTimeField(null=True, verbose_name="发送时间")),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                        ("times_sent", models.PositiveSmallIntegerField(default=0, verbose_name="发送次数")),
                        (
                            "device",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="commands",
                                to="alarms.device",
                                verbose_name="装置",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "下行命令",
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        ["answered", "confirmed", "denied", "not_connected", "unanswered", "unusable"],
                                    ),
                                    _negated=True,
                                ),
                                fields=["id"],
                                name="command_without_an_end",
                            ),
                            models.Index(fields=["device", "-id"], name="command_by_device"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_at__isnull", False),
                                        (
                                            "state__in",
                                            [
                                                "answered",
                                                "confirmed",
                                                "denied",
                                                "not_connected",
                                                "unanswered",
                                                "unusable",
                                            ],
                                        ),
                                    ),
                                    models.Q(
                                        models.Q(
                                            (
                                                "state__in",
                                                [
                                                    "answered",
                                                    "confirmed",
                                                    "denied",
                                                    "not_connected",
                                                    "unanswered",
                                                    "unusable",
                                                ],
                                            ),
                                            _negated=True,
                                        ),
                                        ("ended_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_command_that_ended_says_when",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DutyCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "待发出"),
                                    ("sent", "已发出"),
                                    ("answered", "按时应答"),
                                    ("late", "超时应答"),
                                    ("missed", "未应答"),
                                    ("called", "已电话查问"),
                                    ("explained", "情况属实"),
                                    ("violation", "脱岗"),
                                    ("cancelled", "未发出"),
                                ],
                                default="planned",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("planned_at", models.DateTimeField(verbose_name="计划时间")),
                        ("is_random", models.BooleanField(default=True, verbose_name="随机查岗")),
                        ("minutes", models.PositiveSmallIntegerField(verbose_name="应答时限（分钟）")),
                        ("sent_at", models.DateTimeField(null=True, verbose_name="发出时间")),
                        ("due_at", models.DateTimeField(null=True, verbose_name="应在此前应答")),
                        ("give_up_at", models.DateTimeField(null=True)),
                        ("answered_at", models.DateTimeField(null=True, verbose_name="应答时间")),
                        ("called_at", models.DateTimeField(null=True, verbose_name="电话查问时间")),
                        ("heard", models.CharField(blank=True, max_length=500, verbose_name="听到什么")),
                        ("settled_at", models.DateTimeField(null=True, verbose_name="认定时间")),
                        ("settled_by_name", models.CharField(blank=True, max_length=128, verbose_name="认定人")),
                        ("reason", models.CharField(blank=True, max_length=500, verbose_name="认定理由")),
                        ("rule_version", models.PositiveIntegerField()),
                        (
                            "command",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="duty_check",
                                to="alarms.command",
                            ),
                        ),
                        (
                            "device",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="duty_checks",
                                to="alarms.device",
                                verbose_name="装置",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "查岗",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "planned")),
                                fields=["planned_at"],
                                name="duty_check_to_send",
                            ),
                            models.Index(
                                condition=models.Q(("state", "sent")), fields=["due_at"], name="duty_check_running"
                            ),
                            models.Index(fields=["device", "-planned_at"], name="duty_check_by_device"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "sent")),
                                fields=("device",),
                                name="a_device_is_asked_one_thing_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["planned", "cancelled"]),
                                    models.Q(("due_at__isnull", False), ("sent_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_sent_check_says_by_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["answered", "late"]), _negated=True),
                                    ("answered_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="an_answered_check_says_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["explained", "violation"]), _negated=True),
                                    models.Q(("settled_at__isnull", False), models.Q(("reason", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="a_settled_check_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("due_at__isnull", True), ("due_at__gt", models.F("sent_at")), _connector="OR"
                                ),
                                name="a_check_leaves_time_to_answer",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ForwardTarget",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=100, verbose_name="名称")),
                        (
                            "channel",
                            models.CharField(
                                choices=[("webhook", "网络接口"), ("mqtt", "MQTT"), ("mail", "邮件"), ("sms", "短信")],
                                max_length=8,
                                verbose_name="方式",
                            ),
                        ),
                        ("address", models.CharField(max_length=200, verbose_name="地址")),
                        ("takes_unverified", models.BooleanField(default=True, verbose_name="接收未核实的推定火警")),
                        ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="forward_targets",
                                to="people.organ",
                                verbose_name="接警机构",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "上报对象",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organ", "channel", "address"), name="a_target_stands_once_for_an_organ"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("address", ""), _negated=True), name="a_target_has_an_address"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandlingAgreement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField(verbose_name="日期")),
                        ("false_alarms", models.PositiveIntegerField(verbose_name="误报次数")),
                        ("opened_at", models.DateTimeField()),
                        ("agreed", models.CharField(blank=True, max_length=500, verbose_name="约定内容")),
                        ("with_whom", models.CharField(blank=True, max_length=60, verbose_name="对方人员")),
                        ("agreed_at", models.DateTimeField(null=True, verbose_name="约定时间")),
                        ("agreed_by_name", models.CharField(blank=True, max_length=128, verbose_name="登记人")),
                        ("rule_version", models.PositiveIntegerField()),
                        (
                            "building",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handling_agreements",
                                to="registry.building",
                            ),
                        ),
                        (
                            "device",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handling_agreements",
                                to="alarms.device",
                            ),
                        ),
                        (
                            "enterprise",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handling_agreements",
                                to="registry.enterprise",
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handling_agreements",
                                to="people.organ",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "约定处理",
                        "constraints": [
                            models.UniqueConstraint(fields=("device", "day"), name="one_agreement_a_day_and_device"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("agreed_at__isnull", True),
                                    models.Q(
                                        models.Q(("agreed", ""), _negated=True),
                                        models.Q(("with_whom", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_agreement_says_what_and_with_whom",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Incident",
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
                                    ("fire", "火警"),
                                    ("supervisory", "监管报警"),
                                    ("linkage", "联动动作"),
                                    ("manual", "联动手动"),
                                    ("offline", "离线"),
                                    ("fault", "故障"),
                                    ("shielded", "屏蔽"),
                                ],
                                max_length=12,
                                verbose_name="类别",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("received", "已接收"),
                                    ("presented", "已呈现"),
                                    ("acknowledged", "已受理"),
                                    ("verifying", "核实中"),
                                    ("unreachable", "联系不上"),
                                    ("true_fire", "真实火警"),
                                    ("forwarded", "已上报"),
                                    ("handled", "已处置"),
                                    ("false", "误报"),
                                    ("test", "测试"),
                                    ("fault", "设备故障"),
                                    ("closed", "已办结"),
                                ],
                                default="received",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("cause_key", models.CharField(max_length=64)),
                        ("rank", models.PositiveSmallIntegerField()),
                        ("is_presumed", models.BooleanField(default=False, verbose_name="推定火警")),
                        ("is_grouped", models.BooleanField(default=False, verbose_name="报警风暴")),
                        ("is_flapping", models.BooleanField(default=False, verbose_name="反复异常")),
                        ("opened_at", models.DateTimeField(verbose_name="首次信号")),
                        ("last_signal_at", models.DateTimeField(verbose_name="最近信号")),
                        ("points_count", models.PositiveIntegerField(default=0, verbose_name="部位数")),
                        ("signals_count", models.PositiveIntegerField(default=0, verbose_name="信号数")),
                        ("presented_at", models.DateTimeField(null=True, verbose_name="呈现时间")),
                        ("acknowledged_at", models.DateTimeField(null=True, verbose_name="受理时间")),
                        (
                            "verdict",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("true", "真实火警"),
                                    ("false", "误报"),
                                    ("test", "测试"),
                                    ("fault", "设备故障"),
                                    ("restored", "自行恢复"),
                                ],
                                max_length=8,
                                verbose_name="结论",
                            ),
                        ),
                        ("verdict_at", models.DateTimeField(null=True, verbose_name="结论时间")),
                        ("verdict_by_name", models.CharField(blank=True, max_length=128, verbose_name="结论人")),
                        (
                            "false_cause",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("dust", "灰尘"),
                                    ("steam", "水蒸气"),
                                    ("cooking", "烹饪油烟"),
                                    ("construction", "施工作业"),
                                    ("insects", "昆虫"),
                                    ("wiring", "线路问题"),
                                    ("wrong_type", "探测器选型不当"),
                                    ("malicious", "人为误动"),
                                    ("unannounced_test", "测试未报备"),
                                    ("unknown", "原因不明"),
                                ],
                                max_length=20,
                                verbose_name="误报原因",
                            ),
                        ),
                        ("restored_at", models.DateTimeField(null=True, verbose_name="恢复正常")),
                        ("closed_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                        ("rule_version", models.PositiveIntegerField()),
                        (
                            "building",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="incidents",
                                to="registry.building",
                                verbose_name="建筑",
                            ),
                        ),
                        (
                            "device",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="incidents",
                                to="alarms.device",
                                verbose_name="装置",
                            ),
                        ),
                        (
                            "enterprise",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="incidents",
                                to="registry.enterprise",
                                verbose_name="单位",
                            ),
                        ),
                        (
                            "handler",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="incidents_handled",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="受理人",
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="incidents",
                                to="people.organ",
                                verbose_name="接警机构",
                            ),
                        ),
                        (
                            "window",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="incidents",
                                to="alarms.testwindow",
                                verbose_name="测试时段",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "警情",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "closed"), _negated=True),
                                fields=["organ", "rank", "opened_at"],
                                name="incident_in_hand",
                            ),
                            models.Index(fields=["organ", "-opened_at"], name="incident_by_organ_and_time"),
                            models.Index(fields=["building", "-opened_at"], name="incident_by_building"),
                            models.Index(fields=["enterprise", "-opened_at"], name="incident_by_enterprise"),
                            models.Index(
                                condition=models.Q(
                                    ("restored_at__isnull", False),
                                    (
                                        "state__in",
                                        ["acknowledged", "presented", "received", "unreachable", "verifying"],
                                    ),
                                ),
                                fields=["restored_at"],
                                name="incident_restored",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "acknowledged",
                                            "forwarded",
                                            "presented",
                                            "received",
                                            "true_fire",
                                            "unreachable",
                                            "verifying",
                                        ],
                                    )
                                ),
                                fields=("cause_key",),
                                name="one_open_incident_per_cause",
                            ),
                            models.UniqueConstraint(fields=("window",), name="one_incident_per_test_window"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "state__in",
                                            ["acknowledged", "presented", "received", "unreachable", "verifying"],
                                        ),
                                        ("verdict", ""),
                                    ),
                                    models.Q(
                                        models.Q(
                                            (
                                                "state__in",
                                                ["acknowledged", "presented", "received", "unreachable", "verifying"],
                                            ),
                                            _negated=True,
                                        ),
                                        models.Q(("verdict", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_incident_has_a_verdict_once_it_is_judged",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("verdict", "false"), models.Q(("false_cause", ""), _negated=True)),
                                    models.Q(models.Q(("verdict", "false"), _negated=True), ("false_cause", "")),
                                    _connector="OR",
                                ),
                                name="a_false_alarm_has_a_cause",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("verdict", ""), ("verdict_at__isnull", True)),
                                    models.Q(models.Q(("verdict", ""), _negated=True), ("verdict_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_verdict_says_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["received", "presented"]),
                                    ("handler__isnull", False),
                                    ("window__isnull", False),
                                    ("verdict", "restored"),
                                    _connector="OR",
                                ),
                                name="what_is_handled_has_a_handler",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("verdict", "restored"), _negated=True),
                                    models.Q(("kind", "fire"), _negated=True),
                                    _connector="OR",
                                ),
                                name="no_fire_ends_by_itself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                                    models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", True)),
                                    _connector="OR",
                                ),
                                name="an_incident_and_its_closing_time_come_together",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Forwarding",
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
                                    ("unverified", "推定火警（未核实）"),
                                    ("confirmed", "确认火警"),
                                    ("cancelled", "解除"),
                                ],
                                max_length=12,
                                verbose_name="内容",
                            ),
                        ),
                        ("identifier", models.CharField(max_length=64, unique=True, verbose_name="文件编号")),
                        ("document", models.TextField(verbose_name="CAP 文件")),
                        ("sha256", models.CharField(max_length=64)),
                        ("posted_at", models.DateTimeField(verbose_name="发出时间")),
                        ("due_at", models.DateTimeField(verbose_name="应在此前送达")),
                        ("delivered_at", models.DateTimeField(null=True, verbose_name="送达时间")),
                        ("proof", models.CharField(blank=True, max_length=500, verbose_name="送达证明")),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="forwardings",
                                to="alarms.forwardtarget",
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="forwardings",
                                to="alarms.incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "上报记录",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("incident", "target", "stage"), name="a_target_is_told_each_thing_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("delivered_at__isnull", True),
                                    models.Q(("proof", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="what_is_delivered_has_a_proof",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IncidentStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        ("action", models.CharField(max_length=24, verbose_name="动作")),
                        ("what", models.CharField(blank=True, max_length=300, verbose_name="做了什么")),
                        ("heard", models.CharField(blank=True, max_length=500, verbose_name="听到看到什么")),
                        ("by_id", models.CharField(blank=True, max_length=64)),
                        ("by_name", models.CharField(max_length=128, verbose_name="办理人")),
                        (
                            "before",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("received", "已接收"),
                                    ("presented", "已呈现"),
                                    ("acknowledged", "已受理"),
                                    ("verifying", "核实中"),
                                    ("unreachable", "联系不上"),
                                    ("true_fire", "真实火警"),
                                    ("forwarded", "已上报"),
                                    ("handled", "已处置"),
                                    ("false", "误报"),
                                    ("test", "测试"),
                                    ("fault", "设备故障"),
                                    ("closed", "已办结"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "after",
                            models.CharField(
                                choices=[
                                    ("received", "已接收"),
                                    ("presented", "已呈现"),
                                    ("acknowledged", "已受理"),
                                    ("verifying", "核实中"),
                                    ("unreachable", "联系不上"),
                                    ("true_fire", "真实火警"),
                                    ("forwarded", "已上报"),
                                    ("handled", "已处置"),
                                    ("false", "误报"),
                                    ("test", "测试"),
                                    ("fault", "设备故障"),
                                    ("closed", "已办结"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="alarms.incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "处置记录",
                        "ordering": ["id"],
                        "indexes": [models.Index(fields=["incident", "id"], name="steps_of_an_incident")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("by_name", ""), _negated=True), name="a_step_says_who"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IncidentTimer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "timer",
                            models.CharField(
                                choices=[
                                    ("present", "呈现"),
                                    ("acknowledge", "受理"),
                                    ("on_site", "现场确认"),
                                    ("micro_station", "微型消防站到场"),
                                    ("forward", "上报"),
                                ],
                                max_length=16,
                                verbose_name="时限",
                            ),
                        ),
                        ("started_at", models.DateTimeField(verbose_name="起算")),
                        ("due_at", models.DateTimeField(verbose_name="应在此前")),
                        ("met_at", models.DateTimeField(null=True, verbose_name="完成时间")),
                        ("escalated_at", models.DateTimeField(null=True, verbose_name="升级时间")),
                        ("rule_version", models.PositiveIntegerField()),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="timers", to="alarms.incident"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "处置时限",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("escalated_at__isnull", True), ("met_at__isnull", True)),
                                fields=["due_at"],
                                name="timer_due",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("incident", "timer"), name="a_timer_runs_once_in_an_incident"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("due_at__gte", models.F("started_at"))),
                                name="a_timer_ends_after_it_starts",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IntakeStart",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("gateway", models.CharField(max_length=64, verbose_name="网关")),
                        ("number", models.PositiveIntegerField(verbose_name="启动序号")),
                        ("started_at", models.DateTimeField(verbose_name="启动时间")),
                        ("token", models.UUIDField(editable=False, null=True, unique=True)),
                        ("last_number", models.BigIntegerField(db_default=0, editable=False)),
                        ("batches", anguan.alarms.models.intake.NumbersField(editable=False, null=True)),
                    ],
                    options={
                        "verbose_name": "接收启动",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("gateway", "number"), name="a_gateway_starts_once_by_a_number"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("organ_id", models.BigIntegerField()),
                        ("incident_id", models.BigIntegerField()),
                        ("what", models.CharField(max_length=24)),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "动态",
                        "indexes": [models.Index(fields=["organ_id", "id"], name="notice_by_organ")],
                    },
                ),
                migrations.CreateModel(
                    name="Pending",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("start_id", models.BigIntegerField()),
                        ("number", models.BigIntegerField()),
                        ("received_at", models.DateTimeField(verbose_name="接收时间")),
                        ("urgency", models.SmallIntegerField(verbose_name="缓急")),
                        ("source", models.CharField(max_length=64, verbose_name="源地址")),
                        ("device_id", models.BigIntegerField(null=True)),
                        ("observations", models.JSONField(verbose_name="所报内容")),
                    ],
                    options={
                        "verbose_name": "待研判信号",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("device_id__isnull", False)),
                                fields=["urgency", "id"],
                                name="pending_in_its_order",
                            ),
                            models.Index(
                                condition=models.Q(("device_id__isnull", True)),
                                fields=["source"],
                                name="pending_of_a_stranger",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PointState",
                    fields=[
                        (
                            "point",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="current",
                                serialize=False,
                                to="alarms.point",
                            ),
                        ),
                        ("state", models.IntegerField(null=True, verbose_name="状态字")),
                        (
                            "kinds",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("fire", "火警"),
                                        ("fault", "故障"),
                                        ("shielded", "屏蔽"),
                                        ("supervisory", "监管"),
                                        ("started", "启动"),
                                        ("feedback", "反馈"),
                                        ("delayed", "延时"),
                                        ("power_fault", "电源故障"),
                                        ("normal", "正常"),
                                        ("test", "测试"),
                                        ("reset", "复位"),
                                        ("manual_mode", "手动"),
                                        ("offline", "离线"),
                                        ("heartbeat", "心跳"),
                                        ("check_answered", "查岗应答"),
                                        ("operation", "操作"),
                                        ("reading", "模拟量"),
                                        ("other", "其他"),
                                    ],
                                    max_length=16,
                                ),
                                default=list,
                                size=None,
                            ),
                        ),
                        ("since", models.DateTimeField(verbose_name="起始时间")),
                        ("at", models.DateTimeField(verbose_name="最近报告")),
                    ],
                    options={
                        "verbose_name": "点位状态",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("at__gte", models.F("since"))),
                                name="a_state_is_seen_after_it_began",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Outage",
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
                                    ("fault", "故障"),
                                    ("shielded", "屏蔽"),
                                    ("offline", "离线"),
                                    ("manual", "手动"),
                                ],
                                max_length=12,
                                verbose_name="失效类别",
                            ),
                        ),
                        ("since", models.DateTimeField(verbose_name="开始")),
                        ("until", models.DateTimeField(null=True, verbose_name="结束")),
                        ("announced_at", models.DateTimeField(null=True)),
                        (
                            "point",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="outages",
                                to="alarms.point",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "失效时段",
                        "indexes": [
                            models.Index(fields=["point", "-since"], name="outages_of_a_point"),
                            models.Index(
                                condition=models.Q(("announced_at__isnull", True), ("until__isnull", True)),
                                fields=["kind", "since"],
                                name="outage_to_announce",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until__isnull", True)),
                                fields=("point", "kind"),
                                name="one_outage_of_a_kind_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                                ),
                                name="an_outage_ends_after_it_begins",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IncidentSignal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("start_id", models.BigIntegerField()),
                        ("number", models.BigIntegerField()),
                        ("index", models.SmallIntegerField()),
                        (
                            "kinds",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("fire", "火警"),
                                        ("fault", "故障"),
                                        ("shielded", "屏蔽"),
                                        ("supervisory", "监管"),
                                        ("started", "启动"),
                                        ("feedback", "反馈"),
                                        ("delayed", "延时"),
                                        ("power_fault", "电源故障"),
                                        ("normal", "正常"),
                                        ("test", "测试"),
                                        ("reset", "复位"),
                                        ("manual_mode", "手动"),
                                        ("offline", "离线"),
                                        ("heartbeat", "心跳"),
                                        ("check_answered", "查岗应答"),
                                        ("operation", "操作"),
                                        ("reading", "模拟量"),
                                        ("other", "其他"),
                                    ],
                                    max_length=16,
                                ),
                                size=None,
                            ),
                        ),
                        ("occurred_at", models.DateTimeField(null=True, verbose_name="发生时间")),
                        ("received_at", models.DateTimeField(verbose_name="接收时间")),
                        (
                            "incident",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="signals",
                                to="alarms.incident",
                            ),
                        ),
                        (
                            "point",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="alarms.point",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "警情信号",
                        "indexes": [models.Index(fields=["incident", "received_at"], name="signals_of_an_incident")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("start_id", "number", "index", "incident"),
                                name="a_signal_counts_once_in_an_incident",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IncidentPoint",
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
                                    ("fire", "火警"),
                                    ("supervisory", "监管报警"),
                                    ("linkage", "联动动作"),
                                    ("manual", "联动手动"),
                                    ("offline", "离线"),
                                    ("fault", "故障"),
                                    ("shielded", "屏蔽"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("zone_key", models.CharField(max_length=64)),
                        (
                            "trigger",
                            models.CharField(
                                choices=[
                                    ("detector", "探测器"),
                                    ("call_point", "手动报警按钮"),
                                    ("own", "控制器或者装置自身"),
                                ],
                                max_length=12,
                                verbose_name="触发来源",
                            ),
                        ),
                        ("first_at", models.DateTimeField(verbose_name="首次信号")),
                        ("last_at", models.DateTimeField(verbose_name="最近信号")),
                        ("times", models.PositiveIntegerField(default=1, verbose_name="次数")),
                        ("returns", models.PositiveIntegerField(default=0, verbose_name="反复次数")),
                        ("is_active", models.BooleanField(default=True, verbose_name="仍在报警")),
                        ("is_open", models.BooleanField(default=True)),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="points", to="alarms.incident"
                            ),
                        ),
                        (
                            "point",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="incident_points",
                                to="alarms.point",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "报警部位",
                        "indexes": [models.Index(fields=["point", "-first_at"], name="incidents_of_a_point")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("incident", "point"), name="an_incident_names_a_point_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_open", True)),
                                fields=("point", "kind"),
                                name="a_point_stands_in_one_open_incident_of_a_kind",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RepairRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                choices=[("fault", "设备故障"), ("false_alarms", "反复误报")],
                                max_length=16,
                                verbose_name="事由",
                            ),
                        ),
                        ("text", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                        ("opened_at", models.DateTimeField(verbose_name="提出时间")),
                        ("opened_by_name", models.CharField(max_length=128, verbose_name="提出人")),
                        ("closed_at", models.DateTimeField(null=True, verbose_name="完成时间")),
                        ("closed_by_name", models.CharField(blank=True, max_length=128, verbose_name="完成人")),
                        ("outcome", models.CharField(blank=True, max_length=300, verbose_name="结果")),
                        (
                            "incident",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="repair_requests",
                                to="alarms.incident",
                            ),
                        ),
                        (
                            "point",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="repair_requests",
                                to="alarms.point",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "维修申请",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=("point",),
                                name="one_open_repair_request_per_point",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_at__isnull", True),
                                    models.Q(("outcome", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_closed_repair_request_says_what_was_done",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TestWindow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "zones",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=60),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="防火分区",
                            ),
                        ),
                        ("since", models.DateTimeField(verbose_name="开始")),
                        ("until", models.DateTimeField(verbose_name="结束")),
                        ("reason", models.CharField(max_length=200, verbose_name="测试事由")),
                        ("responsible", models.CharField(max_length=60, verbose_name="现场负责人")),
                        ("phone", models.CharField(blank=True, max_length=32, verbose_name="联系电话")),
                        ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                        ("recorded_by_id", models.CharField(max_length=64)),
                        ("recorded_by_name", models.CharField(max_length=128, verbose_name="登记人")),
                        ("rule_version", models.PositiveIntegerField()),
                        (
                            "building",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="test_windows",
                                to="registry.building",
                            ),
                        ),
                        (
                            "device",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="test_windows",
                                to="alarms.device",
                            ),
                        ),
                        (
                            "organ",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="test_windows",
                                to="people.organ",
                                verbose_name="接警机构",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "测试时段",
                        "indexes": [models.Index(fields=["organ", "-until"], name="test_window_by_organ")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until__gte", models.F("since"))),
                                name="a_test_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("building__isnull", True), ("device__isnull", False)),
                                    models.Q(("building__isnull", False), ("device__isnull", True)),
                                    _connector="OR",
                                ),
                                name="a_test_covers_a_device_or_a_building",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("reason", ""), _negated=True),
                                    models.Q(("responsible", ""), _negated=True),
                                ),
                                name="a_test_says_why_and_who",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UnreadableBatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("stream", models.CharField(max_length=255, verbose_name="流")),
                        ("sequence", models.BigIntegerField(verbose_name="序号")),
                        ("published_at", models.DateTimeField(verbose_name="发布时间")),
                        ("problem", models.TextField(verbose_name="解析问题")),
                        ("raw", models.BinaryField(verbose_name="原始内容")),
                    ],
                    options={
                        "verbose_name": "无法读取的批次",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("stream", "sequence", "published_at"), name="an_unreadable_batch_is_kept_once"
                            )
                        ],
                    },
                ),
            ],
        ),
        migrations.RunSQL(
            sql="\nCREATE TABLE alarms_frame (\n    start_id bigint NOT NULL,\n    number bigint NOT NULL,\n    received_at timestamptz NOT NULL,\n    is_routine boolean NOT NULL,\n    transport smallint NOT NULL,\n    source text NOT NULL,\n    device_id bigint,\n    serial integer,\n    command smallint,\n    type smallint,\n    client_id uuid,\n    raw bytea NOT NULL,\n    problem text NOT NULL,\n    CONSTRAINT a_frame_is_numbered_from_one CHECK (number >= 1),\n    PRIMARY KEY (start_id, number, received_at, is_routine)\n) PARTITION BY LIST (is_routine);\nCREATE INDEX frame_by_source ON alarms_frame (source, received_at);\nCREATE TABLE alarms_frame_kept PARTITION OF alarms_frame FOR VALUES IN (false) PARTITION BY RANGE (received_at);\nCREATE TABLE alarms_frame_routine PARTITION OF alarms_frame FOR VALUES IN (true) PARTITION BY RANGE (received_at);\n",
            reverse_sql="DROP TABLE alarms_frame",
        ),
        migrations.RunSQL(
            sql="\nCREATE TABLE alarms_reading (\n    start_id bigint NOT NULL,\n    number bigint NOT NULL,\n    index smallint NOT NULL,\n    received_at timestamptz NOT NULL,\n    device_id bigint NOT NULL,\n    system_type smallint NOT NULL,\n    system_address smallint NOT NULL,\n    component_type smallint NOT NULL,\n    component_address bigint NOT NULL,\n    value double precision NOT NULL,\n    unit text NOT NULL,\n    measured_at timestamptz,\n    PRIMARY KEY (start_id, number, index, received_at)\n) PARTITION BY RANGE (received_at);\nCREATE INDEX reading_by_point ON alarms_reading (device_id, component_address, received_at);\n",
            reverse_sql="DROP TABLE alarms_reading",
        ),
        migrations.RunSQL(
            sql="\nALTER TABLE alarms_resendkey SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);\nALTER TABLE alarms_pending SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);\n",
            reverse_sql="",
        ),
    ]
