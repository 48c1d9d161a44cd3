"""示例区的机构与人员: organs with an entrustment, and one person for every role."""

from dataclasses import dataclass
from datetime import date, datetime

from anguan.ground import audit
from anguan.ground.access import Actor
from anguan.people.models import Competence, Department, Entrustment, Expert, OneTimeCode, Organ, User
from anguan.people.rules import Matter, OrganKind, Role
from anguan.people.services import create_user, grant_role, issue_code

SEEDER = Actor(kind="system", id="demo", name="示例数据")

BUREAU = "示例市应急管理局"
BRANCH = "示例区应急管理分局"
JUDICIAL = "示例区司法局"
FIRE = "示例区消防救援大队"
HOUSING = "示例区住房和城乡建设局"
MARKET = "示例区市场监督管理局"


@dataclass(frozen=True)
class Person:
    """Somebody of the cast: log-in name, shown name, role, organ."""

    username: str
    name: str
    role: Role
    organ: str


CAST = [
    Person("clerk", "内勤示例", Role.CLERK, BRANCH),
    *[Person(f"officer{number}", f"执法员{name}", Role.OFFICER, BRANCH) for number, name in enumerate("甲乙丙丁戊", 1)],
    Person("leader", "负责人示例", Role.LEADER, BRANCH),
    Person("reviewer", "法制审核员示例", Role.LEGAL_REVIEWER, BRANCH),
    Person("duty", "值班员示例", Role.DUTY_OFFICER, BRANCH),
    Person("supervisor", "监督员示例", Role.SUPERVISOR, JUDICIAL),
    Person("fire", "消防经办示例", Role.DEPARTMENT, FIRE),
    *[Person(f"fireofficer{number}", f"消防员{name}", Role.OFFICER, FIRE) for number, name in enumerate("甲乙", 1)],
    Person("fireleader", "消防负责人示例", Role.LEADER, FIRE),
    Person("housing", "住建经办示例", Role.DEPARTMENT, HOUSING),
    Person("sysadmin", "系统管理员示例", Role.SYSTEM_ADMIN, BRANCH),
    Person("secadmin", "安全管理员示例", Role.SECURITY_ADMIN, BRANCH),
    Person("auditor", "审计管理员示例", Role.AUDIT_ADMIN, BRANCH),
]
ENTERPRISE_CAST = [
    ("principal", "商场负责人示例", Role.PRINCIPAL),
    ("manager", "商场安全员示例", Role.SAFETY_MANAGER),
]
EXPERTS = [
    # account or none, name, employer, specialities, fee in yuan a day
    ("expert", "专家甲示例", "示例安全技术研究所", ["消防", "用电安全"], 800),
    ("", "专家乙示例", "示例大学安全工程系", ["工贸", "消防"], 800),
    ("", "专家丙示例", "示例化工设计院", ["危化"], 1000),
]
TENANT = ("tenant", "商户负责人示例")


def plant_organs(now: datetime) -> dict[str, Organ]:
    """The city's bureau, its branch that acts under a written entrustment (行政处罚法 art. 20), and its neighbours."""
    bureau = Organ.objects.create(
        name=BUREAU,
        short_name="示例",
        kind=OrganKind.EMERGENCY,
        review_body="示例市人民政府",
        court="示例市示例区人民法院",
        address="示例市示例区东平大道1号",
        phone="0000-0000000",
    )
    branch = Organ.objects.create(
        name=BRANCH,
        short_name="示例",
        kind=OrganKind.BRANCH,
        parent=bureau,
        review_body=bureau.review_body,
        court=bureau.court,
        address="示例市示例区滨江路9号",
        phone="0000-0000001",
    )
    for name, kind in (
        (JUDICIAL, OrganKind.JUDICIAL),
        (FIRE, OrganKind.FIRE),
        (HOUSING, OrganKind.CONSTRUCTION),
        (MARKET, OrganKind.MARKET),
    ):
        Organ.objects.create(name=name, short_name="示例", kind=kind, review_body="示例区人民政府", court=bureau.court)
    Department.objects.create(organ=branch, name="安全生产股")
    Entrustment.objects.create(
        entrusting=bureau,
        entrusted=branch,
        document="示例市应急管理局行政执法委托书（示例）",
        matters=[Matter.INSPECT.value, Matter.ORDER.value],
        valid_from=date(now.year - 1, 1, 1),
        valid_to=date(now.year + 2, 12, 31),
    )
    for matter, article in ((Matter.INSPECT, "第六十五条"), (Matter.ORDER, "第六十五条")):
        Competence.objects.create(
            organ=bureau,
            matter=matter,
            statute="安全生产法",
            article=article,
            valid_from=date(2021, 9, 1),
            verified=True,
        )
    # The fire body acts by its own law, and as one of the departments with duties of supervision (安全生产法 art. 10).
    fire = Organ.objects.get(name=FIRE)
    for matter, statute, article in (
        (Matter.INSPECT, "消防法", "第五十三条"),
        (Matter.INSPECT, "安全生产法", "第六十五条"),
        (Matter.ORDER, "消防法", "第六十条"),
        (Matter.ORDER, "安全生产法", "第六十五条"),
    ):
        Competence.objects.create(
            organ=fire, matter=matter, statute=statute, article=article, valid_from=date(2021, 9, 1), verified=False
        )
    for organ in Organ.objects.all():
        audit.record(
            actor=SEEDER,
            action="people.create_organ",
            subject=organ,
            now=now,
            after=audit.snapshot(organ, "name", "kind"),
        )
    return {organ.name: organ for organ in Organ.objects.all()}


def plant_people(organs: dict[str, Organ], now: datetime) -> None:
    """One account for every role; nobody has a password yet."""
    for person in CAST:
        user = create_user(username=person.username, name=person.name, actor=SEEDER, now=now)
        grant_role(user=user, role=person.role, organ=organs[person.organ], actor=SEEDER, now=now)
    for username, name in [*((username, name) for username, name, _role in ENTERPRISE_CAST), TENANT]:
        create_user(username=username, name=name, actor=SEEDER, now=now)
    plant_experts(organs, now)


def plant_experts(organs: dict[str, Organ], now: datetime) -> None:
    """The branch's experts; one of them has an account."""
    for username, name, employer, specialities, fee in EXPERTS:
        user = create_user(username=username, name=name, actor=SEEDER, now=now) if username else None
        expert = Expert.objects.create(
            user=user,
            organ=organs[BRANCH],
            name=name,
            employer=employer,
            specialities=specialities,
            title="高级工程师",
            term_to=date(now.year + 2, 12, 31),
            fee_yuan=fee,
        )
        audit.record(
            actor=SEEDER,
            action="people.appoint_expert",
            subject=expert,
            now=now,
            after=audit.snapshot(expert, "name", "employer", "specialities", "term_to", "fee_yuan"),
        )


def one_time_log_ins(now: datetime) -> list[tuple[str, str, str]]:
    """Username, what the person does and a fresh one-time code, for everybody of the cast who is still active."""
    roles = {person.username: f"{person.role.label} · {person.organ}" for person in CAST}
    roles |= {username: f"{role.label} · 示例万汇广场" for username, _, role in ENTERPRISE_CAST}
    roles |= {username: f"{Role.EXPERT.label} · {employer}" for username, _, employer, *_ in EXPERTS if username}
    roles[TENANT[0]] = f"{Role.TENANT.label} · 示例万汇广场"
    shown = []
    for user in User.objects.filter(username__in=roles, is_active=True).order_by("pk"):
        code = issue_code(
            user=user,
            purpose=OneTimeCode.Purpose.FIRST_LOGIN,
            actor=SEEDER,
            now=now,
            skips_second_factor=True,
        )
        shown.append((user.username, roles[user.username], code))
    return shown
