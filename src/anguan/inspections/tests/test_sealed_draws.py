"""A draw in envelopes: promised, closed when drawn, opened by its teams, and checked by strangers afterwards."""

import copy
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from uuid_utils.compat import uuid7

from anguan.ground.models import AuditRecord
from anguan.inspections import draws, selectors
from anguan.inspections.draws import CompanionDiffers, PersonReason, TargetReason
from anguan.inspections.models import Batch, Visit
from anguan.inspections.rules import NotAllowed, ReplacementKind, ResultCategory
from anguan.inspections.selectors import oversight
from anguan.inspections.services import batches, replacements, visits
from anguan.inspections.tests.builders import (
    BEACON,
    Cast,
    a_cast,
    a_photo,
    actor_of,
    begun,
    committed,
    opened,
    team,
    viewer,
)
from anguan.people.rules import Role
from anguan.people.tests.builders import a_user, logged_in

pytestmark = pytest.mark.django_db
DEPARTURE = BEACON + timedelta(hours=20)


def sealed_visits(cast: Cast) -> tuple[Batch, list[Visit]]:
    batch = opened(committed(cast, sealed=True))
    return batch, batches.approve_batch(batch=batch, actor=actor_of(cast.leader), now=BEACON)


def depart(cast: Cast, visit: Visit) -> Visit:
    _, actor = team(cast, visit)
    return visits.open_seal(visit=visit, actor=actor, now=DEPARTURE)


def nobody_there(cast: Cast, visit: Visit) -> None:
    _, actor = team(cast, visit)
    visits.end_without_check(
        visit=visit, category=ResultCategory.UNREACHABLE, note="登记地址无人", photos=[a_photo(DEPARTURE)],
        actor=actor, now=DEPARTURE,
    )  # fmt: skip


def h(*fields: str) -> str:
    """The page's H once more, without a line of ours."""
    return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()


def test_what_was_promised_sealed_is_closed_when_drawn_and_names_nobody(client: Client) -> None:
    cast = a_cast()
    batch = committed(cast, sealed=True)
    assert selectors.promise_of(batch)["sealed"] is True
    assert selectors.envelopes_file(batch) is None, "nothing is drawn yet"
    batch = opened(batch)
    names = {firm.name for firm in cast.enterprises} | {firm.credit_code for firm in cast.enterprises}
    names |= set(batch.pool.exclude(pseudonym="").values_list("pseudonym", flat=True))
    kept = selectors.envelopes_file(batch)
    assert kept is not None
    assert kept["opened"] is None
    assert len(kept["commitments"]) == len(set(kept["commitments"])) == 3
    told = AuditRecord.objects.get(action="inspections.draw").after
    assert told is not None
    assert told["envelopes_digest"] == batch.envelopes_digest
    for name in ("draw", "envelopes", "promise"):
        page = client.get(reverse(f"inspections_public:{name}", args=[batch.code])).content.decode()
        assert not [word for word in names if word in page], name
    batches.approve_batch(batch=batch, actor=actor_of(cast.leader), now=BEACON)
    for user in (cast.clerk, cast.leader, *cast.users.values()):
        browser = logged_in(user)
        for url in (reverse("inspections:batch", args=[batch.code]), reverse("inspections:sealed"), reverse("desk")):
            answer = browser.get(url)
            assert answer.status_code in {200, 403}, (user, url)
            page = answer.content.decode()
            assert not [word for word in names if word in page], (user, url)
    leader = logged_in(cast.leader)
    page = leader.get(reverse("inspections:sealed")).content.decode()
    assert kept["commitments"][0] in page
    visit = Visit.objects.get(target_hash=kept["commitments"][0])
    page = leader.post(reverse("inspections:read_envelope", args=[visit.uid])).content.decode()
    assert [name for name in names if name in page] == [visit.enterprise.name]
    assert visit.enterprise.name not in leader.get(reverse("inspections:sealed")).content.decode()


def test_the_head_may_look_and_is_counted_the_clerk_may_not() -> None:
    cast = a_cast()
    batch, (first, _second) = sealed_visits(cast)
    with pytest.raises(PermissionDenied):
        visits.read_sealed(visit=first, actor=actor_of(cast.clerk), now=BEACON)
    visits.read_sealed(visit=first, actor=actor_of(cast.leader), now=BEACON)
    assert [row.readings for row in selectors.public_envelopes(batch)] == [1, 0, 0]
    assert not selectors.visits_visible_to(viewer(cast.leader)).exists()


def test_nobody_begins_or_ends_a_closed_envelope_and_only_its_team_opens_it() -> None:
    cast = a_cast()
    batch, (first, second) = sealed_visits(cast)
    with pytest.raises(NotAllowed, match="启封"):
        begun(cast, first, DEPARTURE)
    with pytest.raises(NotAllowed, match="启封"):
        nobody_there(cast, first)
    stranger = next(user for key, user in cast.users.items() if not first.officers.filter(officer=key).exists())
    with pytest.raises(PermissionDenied):
        visits.open_seal(visit=first, actor=actor_of(stranger), now=DEPARTURE)
    assert begun(cast, depart(cast, first), DEPARTURE).started_at == DEPARTURE
    rows = selectors.public_envelopes(batch)
    assert [(row.opened_at is not None, row.is_early, row.pseudonym) for row in rows] == [
        (True, False, ""), (False, False, ""), (False, False, ""),
    ]  # fmt: skip
    assert list(oversight.sealed_visits(viewer(cast.leader)).filter(opened_at=None)) == [second]


def test_people_are_replaced_before_the_opening_and_the_firm_only_after_it() -> None:
    cast = a_cast()
    batch, (first, _second) = sealed_visits(cast)
    other_leader = a_user("leader2", Role.LEADER, organ=cast.organ)
    assignment = first.assignment
    assert assignment is not None

    def ask(kind: ReplacementKind, reason: Any, **changes: Any) -> Any:
        return replacements.ask_replacement(
            assignment=assignment, kind=kind, reason=reason, note="现场门口已贴停业公告", uid=uuid7(),
            actor=actor_of(cast.clerk), now=DEPARTURE, **changes,
        )  # fmt: skip

    gone = assignment.officers.order_by("pk")[0]
    refused: list[tuple[ReplacementKind, Any, dict[str, Any]]] = [
        (ReplacementKind.TARGET, TargetReason.STOPPED, {"photos": [a_photo(DEPARTURE)]}),
        (ReplacementKind.OFFICER, PersonReason.CONFLICT, {"officer": gone}),
    ]
    for kind, reason, changes in refused:
        with pytest.raises(NotAllowed, match="信封还没有启封"):
            ask(kind, reason, **changes)
    replacements.approve_replacement(
        replacement=ask(ReplacementKind.OFFICER, PersonReason.ILL, officer=gone), actor=actor_of(other_leader),
        now=DEPARTURE,
    )  # fmt: skip
    assert not first.officers.filter(officer=gone.officer_id).exists()
    first = depart(cast, first)
    replacement = replacements.approve_replacement(
        replacement=ask(ReplacementKind.TARGET, TargetReason.STOPPED, photos=[a_photo(DEPARTURE, 9)]),
        actor=actor_of(other_leader), now=DEPARTURE,
    )  # fmt: skip
    assert replacement.alternate is not None
    following = replacement.alternate.visit
    assert following.is_closed_envelope, "the alternate comes in an envelope too"
    assert following.target_hash == selectors.envelopes_file(batch)["commitments"][2]  # type: ignore[index]


def test_a_stranger_checks_the_opened_envelopes_and_the_firm_its_name(client: Client) -> None:
    cast = a_cast(enterprises=3)
    batch, found = sealed_visits(cast)
    early = selectors.envelopes_file(batch)
    assert early is not None
    visits.read_sealed(visit=found[1], actor=actor_of(cast.leader), now=BEACON)
    for visit in found:
        nobody_there(cast, depart(cast, visit))
    batch.refresh_from_db()
    batch = batches.publish_bundle(batch=batch, actor=actor_of(cast.clerk), now=DEPARTURE)
    bundle = json.loads(client.get(reverse("inspections_public:bundle", args=[batch.code])).content)
    late = json.loads(client.get(reverse("inspections_public:envelopes", args=[batch.code])).content)
    assert late["commitments"] == early["commitments"], "nothing was changed since the draw"
    verified = draws.verify_envelopes(late, bundle)
    assert (verified.envelopes, verified.opened, verified.early, verified.read) == (3, 2, 0, 1)
    assert verified.digest == batch.envelopes_digest
    assert "sealed" not in bundle["spec"], "the bundle's own format stays as it is"
    inside = late["opened"]["envelopes"]
    for envelope, commitment in zip(inside, early["commitments"], strict=True):
        sealed = h("anguan-draw-envelope/1", batch.code, envelope["target"], envelope["name"], envelope["salt"])
        assert sealed == commitment
    firm = cast.enterprises[0]
    place = selectors.own_place(viewer(cast.principal), batch, firm)
    assert place is not None
    assert place.envelope is not None
    own = next(one for one in inside if one["target"] == place.pseudonym)
    salt = place.envelope.name_salt
    assert own["name"] == h("anguan-draw-envelope-name/1", batch.code, firm.credit_code, salt)
    assert (
        salt in logged_in(cast.principal).get(reverse("registry:detail", args=["enterprise", firm.pk])).content.decode()
    )
    _what_is_changed_shows(late, bundle)
    with pytest.raises(CompanionDiffers, match="只有承诺"):
        draws.verify_envelopes(early, bundle)


def _what_is_changed_shows(late: dict[str, Any], bundle: dict[str, Any]) -> None:
    """Each change of a sound file is found, at its place."""

    def swap(file: Any) -> None:
        rows = file["opened"]["envelopes"]
        rows[0]["target"], rows[1]["target"] = rows[1]["target"], rows[0]["target"]

    changes: list[tuple[str, Any]] = [
        ("opened.envelopes[0].target", swap),
        ("commitments[0]", lambda file: file["opened"]["envelopes"][0].update(name="0" * 64)),
        ("commitments[2]", lambda file: file["commitments"].pop()),
        ("opened.envelopes[2]", lambda file: file["opened"]["envelopes"].pop()),
        ("opened.bundle_digest", lambda file: file["opened"].update(bundle_digest="0" * 64)),
        ("batch", lambda file: file.update(batch="SJ-1")),
        ("opened.envelopes[0].openings[0].by", lambda file: _opening(file, 0).update(by="approver")),
        ("opened.envelopes[0].openings[0].by", lambda file: _opening(file, 0).update(by="P-0")),
        ("opened.envelopes[1].openings[1].at", lambda file: _opening(file, 1).update(at="2020-01-01T00:00:00Z")),
        (
            "opened.envelopes[0].openings[1]",
            lambda file: file["opened"]["envelopes"][0]["openings"].append(copy.deepcopy(_opening(file, 0))),
        ),
        ("opened.envelopes[0].openings[0].at", lambda file: _opening(file, 0).update(at="yesterday")),
    ]
    for path, change in changes:
        changed = copy.deepcopy(late)
        change(changed)
        with pytest.raises(CompanionDiffers) as difference:
            draws.verify_envelopes(changed, bundle)
        assert difference.value.path == path


def _opening(file: Any, place: int) -> Any:
    return file["opened"]["envelopes"][place]["openings"][-1]
