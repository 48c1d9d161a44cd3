"""示例区的底账: the district's rows on their way through the very import that a clerk uses."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from anguan.demo.district import District, Row, boundary_of_district
from anguan.demo.people import ENTERPRISE_CAST, SEEDER, TENANT
from anguan.ground import audit
from anguan.people.models import Officer, User
from anguan.registry.models import Complex, Enterprise, Membership, ShopMembership, Tenant
from anguan.registry.services import load_boundary, make_findable
from anguan.registry.services.importing import import_sheet
from anguan.registry.sheets.columns import KINDS
from anguan.registry.sheets.reading import open_sheet


def as_workbook(title: str, rows: Sequence[Row]) -> bytes:
    """The rows as a bureau would send them: a title above the header, dates as dates, codes as text."""
    saved = BytesIO()
    with xlsxwriter.Workbook(saved, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("台账")
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        headers = list(rows[0])
        sheet.merge_range(0, 0, 0, len(headers) - 1, title)
        sheet.write_row(1, 0, headers)
        for line, row in enumerate(rows, start=2):
            for column, value in enumerate(row.values()):
                if isinstance(value, date):
                    sheet.write_datetime(line, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001  # Excel has none
                else:
                    sheet.write(line, column, value)
    return saved.getvalue()


def plant_ledger(made: District, now: datetime) -> None:
    """Import enterprises, buildings, key units, sites and officers; then the mall with its shops and people."""
    for kind, title, rows in (
        ("enterprise", "示例区企业底账", made.enterprises),
        ("building", "示例区建筑底账", made.buildings),
        ("key-unit", "示例区消防安全重点单位", made.key_units),
        ("site", "示例区在建工地", made.sites),
        ("officer", "示例区执法人员名册", made.officers),
    ):
        sheet = open_sheet(as_workbook(title, rows), KINDS[kind])
        outcome = import_sheet(sheet=sheet, actor=SEEDER, now=now, cause=f"{title}.xlsx")
        if outcome.bad:
            first = next(row for row in outcome.rows if row.problems)
            raise ValueError(f"the demo's own {kind} rows are refused: {first}")
    _plant_mall(made, now)
    load_boundary(
        name="示例区（虚构的边界，仅供演示）", data=boundary_of_district(), given_in="cgcs2000", actor=SEEDER, now=now
    )


def _plant_mall(made: District, now: datetime) -> None:
    operator = Enterprise.objects.get(credit_code=made.mall["信用代码"])
    mall = Complex(
        name=made.mall["综合体名称"],
        operator=operator,
        address=operator.address,
        longitude=operator.longitude,
        latitude=operator.latitude,
        created_at=now,
        updated_at=now,
    )
    make_findable(mall)
    mall.save()
    shops = [_shop(mall, row, now) for row in made.shops]
    Tenant.objects.bulk_create(shops)
    audit.record(
        actor=SEEDER, action="registry.create", subject=mall, now=now, after={"name": mall.name, "shops": len(shops)}
    )
    for username, _name, role in ENTERPRISE_CAST:
        user = User.objects.get(username=username)
        Membership.objects.create(user=user, enterprise=operator, role=role, since=date(now.year - 1, 1, 1))
    ShopMembership.objects.create(
        user=User.objects.get(username=TENANT[0]), tenant=mall.tenants.earliest("pk"), since=date(now.year - 1, 1, 1)
    )


def _shop(mall: Complex, row: Row, now: datetime) -> Tenant:
    fields: dict[str, Any] = {
        "unit_no": row["铺位号"],
        "name": row["商户名称"],
        "business": row["业态"],
        "powered_all_night": row["24小时供电"],
        "uses_gas": row["用气"],
        "manager": row["负责人"],
        "phone": row["联系电话"],
    }
    shop = Tenant(complex=mall, created_at=now, updated_at=now, **fields)
    make_findable(shop)
    return shop


def give_officers_accounts(now: datetime) -> None:
    """Tie each account of an officer to the certificate of the same name."""
    for officer in Officer.objects.filter(user__isnull=True):
        user = User.objects.filter(name=officer.name).first()
        if user is not None:
            officer.user = user
            officer.save(update_fields=["user"])
            audit.record(
                actor=SEEDER, action="people.tie_account", subject=officer, now=now, after={"user": user.username}
            )
