"""WCAG 2.2 AA: axe-core finds nothing on any page, in the light and in the dark, in the office and in the hand."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Error, Page, ViewportSize

from anguan.people.models import User
from anguan.people.rules import Role
from anguan.people.tests.builders import logged_in

from .access_table import ANYBODY, PUBLIC, TABLE, Row
from .world import World, a_world

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# One after the other, the pages would hold up a whole run of the tests; each share makes a world of its own.
SHARES = 2
# Who looks at a page that several may open: whoever has most to do on it.
LOOKS = [
    Role.OFFICER,
    Role.CLERK,
    Role.LEADER,
    Role.PRINCIPAL,
    Role.SYSTEM_ADMIN,
    Role.SECURITY_ADMIN,
    Role.AUDIT_ADMIN,
    Role.LEGAL_REVIEWER,
    Role.DUTY_OFFICER,
    Role.DEPARTMENT,
    Role.EXPERT,
    Role.TENANT,
]
RUN = """
async ([tags, rules]) => {
  const only = rules ? {type: "rule", values: rules} : {type: "tag", values: tags};
  const found = await axe.run(document, {runOnly: only, resultTypes: ["violations"]});
  const why = (node) => [...node.any, ...node.all, ...node.none][0]?.message;
  return found.violations.map((one) => [one.id, one.nodes.map((node) => `${node.target.join(" ")}: ${why(node)}`)]);
}
"""


def looker(row: Row) -> str:
    """The role that looks at a page; "" for who is not logged in."""
    if row.roles == PUBLIC:
        return ""
    return Role.CLERK if row.roles == ANYBODY else str(next(role for role in LOOKS if role in row.roles))


def pages(world: World) -> Iterator[tuple[str, str, str]]:
    """Name, address and looker of every page; each once, with the first object of its kind."""
    for name, row in TABLE.items():
        if "GET" in row.methods:
            for args in world.own[row.takes] if row.takes else [()]:
                yield name, reverse(name, args=args), looker(row)
    yield "first second factor", reverse("mfa_activate_totp"), Role.PRINCIPAL
    yield "not found", "/nowhere/", ""
    yield "not for you", reverse("audit"), Role.CLERK


def just_logged_in(user: User) -> str:
    """A session whose password was asked for a moment ago, so that the pages of the second factor open."""
    client = logged_in(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Windows:
    """A window for each role in each size."""

    def __init__(self, browser: Browser, address: str, world: World) -> None:
        self.browser, self.address = browser, address
        self.sessions = {role: just_logged_in(user) for role, user in world.users.items()}
        self.open: dict[tuple[str, bool], Page] = {}

    def of(self, role: str, *, phone: bool) -> Page:
        """The window of a role, opened when it is first asked for."""
        if (role, phone) not in self.open:
            size = ViewportSize(width=390, height=844) if phone else ViewportSize(width=1440, height=900)
            context = self.browser.new_context(
                base_url=self.address, locale="zh-CN", viewport=size, is_mobile=phone, reduced_motion="reduce"
            )
            if role:
                name = settings.SESSION_COOKIE_NAME
                context.add_cookies([{"name": name, "value": self.sessions[role], "url": self.address}])
            self.open[role, phone] = context.new_page()
        return self.open[role, phone]

    def close(self) -> None:
        """Close them all."""
        for page in self.open.values():
            page.context.close()


def open_page(page: Page, url: str) -> bool:
    """Whether an address answers with a whole page, which then stands in the window: no file, fragment or redirect."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    try:
        answer = page.goto(url, wait_until="load")
    except Error as error:
        # A file is no page; the window stays where it was.
        if "Download is starting" in error.message or "net::ERR_ABORTED" in error.message:
            return False
        raise
    assert answer is not None
    if answer.request.redirected_from is not None or "html" not in answer.headers.get("content-type", ""):
        return False
    return bool(page.evaluate("document.doctype !== null"))


def violations(page: Page, source: str) -> list[str]:
    """What axe finds on the page that stands in the window, in the light, and of colours in the dark."""
    page.evaluate(source)
    found: list[Any] = [("light", *one) for one in page.evaluate(RUN, [TAGS, None])]
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += [("dark", *one) for one in page.evaluate(RUN, [TAGS, ["color-contrast", "link-in-text-block"]])]
    return [f"{theme} {rule}: {'; '.join(nodes[:3])}" for theme, rule, nodes in found]


@pytest.mark.parametrize("share", range(SHARES))
def test_no_page_has_a_violation(share: int, browser: Browser, live_address: str) -> None:
    source = AXE.read_text(encoding="utf-8")
    world = a_world()
    Authenticator.objects.filter(user=world.users[Role.PRINCIPAL]).delete()
    windows = Windows(browser, live_address, world)
    ours, seen, faults = [], set(), []
    try:
        for name, url, role in list(pages(world))[share::SHARES]:
            ours.append(name)
            page = windows.of(role, phone=url.startswith("/m/"))
            if open_page(page, url):
                seen.add(name)
                faults += [f"{name} {url} {fault}" for fault in violations(page, source)]
    finally:
        windows.close()
    assert not faults, "\n".join(faults)
    assert {"first second factor", "mfa_view_recovery_codes", "not found"} & set(ours) <= seen
    assert len(seen) > 60 / SHARES, sorted(seen)
