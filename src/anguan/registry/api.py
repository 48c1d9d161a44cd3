"""The ledger over JSON, for other systems of the district: reads, scoped like the pages."""

from typing import cast

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from anguan.people.viewers import ViewerRequest
from anguan.registry.models import Enterprise
from anguan.registry.selectors import district_figures, enterprises_visible_to, matching
from anguan.ui.paging import page_of

router = Router(tags=["ledger"])


class EnterpriseOut(Schema):
    """An enterprise as other systems need it; personal data stays inside."""

    id: int
    name: str
    credit_code: str
    industry_code: str
    risk_level: str
    is_key: bool
    status: str
    address: str


class EnterprisePage(Schema):
    """Up to one hundred enterprises and the cursor of the next page, empty at the end."""

    rows: list[EnterpriseOut]
    next: str


class FigureOut(Schema):
    """A figure of the district with the query that gives it, in words."""

    key: str
    label: str
    value: int
    query: str


@router.get("/enterprises", response=EnterprisePage, summary="企业")
def enterprises(request: HttpRequest, q: str = "", cursor: str = "") -> dict[str, object]:
    """The enterprises that the caller may see, by id, found by any part of name, code or address."""
    rows = matching(enterprises_visible_to(cast(ViewerRequest, request).viewer), q)
    page = page_of(rows, order=["id"], cursor=cursor)
    return {"rows": page.rows, "next": page.next}


@router.get("/enterprises/{credit_code}", response=EnterpriseOut, summary="一家企业")
def enterprise(request: HttpRequest, credit_code: str) -> Enterprise:
    """One enterprise by its credit code; 404 when it is not there for the caller."""
    found = enterprises_visible_to(cast(ViewerRequest, request).viewer).filter(credit_code=credit_code).first()
    if found is None:
        raise Http404
    return found


@router.get("/figures", response=list[FigureOut], auth=None, summary="底数")
def figures(request: HttpRequest) -> list[object]:
    """The district's figures, for everybody."""
    del request
    return list(district_figures())
