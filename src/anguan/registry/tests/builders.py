"""A small ledger that every room's tests can stand on."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
from PIL import Image
from stdnum.cn import uscc

from anguan.registry.models import Building, Complex, Enterprise, Membership, ShopMembership, Site, Tenant
from anguan.registry.services import make_findable

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def a_code(number: int) -> str:
    """A credit code with the right check character in region 519999, which does not exist."""
    body = f"91519999MA{number:06}X"
    return body + str(uscc.calc_check_digit(body))


def an_enterprise(name: str = "示例商场有限公司", number: int = 1, **values: Any) -> Enterprise:
    """An enterprise that can be found."""
    given = {"address": f"示例路{number}号", "credit_code": a_code(number), **values}
    row = Enterprise(name=name, created_at=NOW, updated_at=NOW, **given)
    make_findable(row)
    row.save()
    return row


def a_building(name: str = "示例大厦", *, manager: Enterprise | None = None, height: str = "54.6") -> Building:
    """A public building of eighteen storeys."""
    row = Building(
        name=name,
        address="示例路1号",
        height_m=Decimal(height),
        storeys_above=18,
        use="public",
        manager=manager,
        created_at=NOW,
        updated_at=NOW,
    )
    make_findable(row)
    row.save()
    return row


def a_site(contractor: Enterprise, name: str = "示例花园二期", permit_no: str = "示例施0001") -> Site:
    """A site under construction."""
    row = Site(
        name=name,
        permit_no=permit_no,
        contractor=contractor,
        address="示例路9号",
        started_on=date(2026, 3, 1),
        created_at=NOW,
        updated_at=NOW,
    )
    make_findable(row)
    row.save()
    return row


def a_complex(operator: Enterprise, name: str = "示例广场") -> Complex:
    """A mall with an operator."""
    row = Complex(name=name, operator=operator, address="示例路1号", created_at=NOW, updated_at=NOW)
    make_findable(row)
    row.save()
    return row


def a_shop(mall: Complex, unit_no: str = "L1-01", name: str = "示例餐厅", **values: Any) -> Tenant:
    """A shop in a mall."""
    row = Tenant(complex=mall, unit_no=unit_no, name=name, created_at=NOW, updated_at=NOW, **values)
    make_findable(row)
    row.save()
    return row


def a_shopkeeper(user: Any, tenant: Tenant) -> ShopMembership:
    """Somebody who speaks for the shop."""
    return ShopMembership.objects.create(user=user, tenant=tenant, since=date(2026, 1, 1))


def a_member(user: Any, enterprise: Enterprise, role: str = "principal") -> Membership:
    """Somebody who speaks for the enterprise."""
    return Membership.objects.create(user=user, enterprise=enterprise, role=role, since=date(2026, 1, 1))


def a_workbook(*rows: list[Any], title: str = "") -> BytesIO:
    """An .xlsx as bureaus keep it: with `title`, a merged title row stands above the header."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append([title])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=max(len(rows[0]), 2))
    for row in rows:
        sheet.append(row)
    saved = BytesIO()
    book.save(saved)
    saved.seek(0)
    saved.name = "台账.xlsx"
    return saved


def drawn(width: int = 400, height: int = 300, kind: str = "PNG", turned: bool = False) -> bytes:
    """A picture of a storey."""
    file, exif = BytesIO(), Image.Exif()
    if turned:
        exif[0x0112] = 6
    Image.new("L", (width, height), 255).save(file, kind, exif=exif)
    return file.getvalue()
