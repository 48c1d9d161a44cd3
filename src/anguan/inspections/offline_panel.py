"""离线记录 on a visit's page: what came from phones without network, when it was done and came, what became of it."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anguan.inspections.models import OfflineOperation, Visit
from anguan.inspections.rules.offline import OperationKind, OperationState
from anguan.inspections.selectors.offline import operations_of
from anguan.inspections.visit_panels import SLOT
from anguan.people.rules import BUREAU
from anguan.ui.panels import reader_of, register_panel
from anguan.ui.templatetags.ui import pill

_TONES = {OperationState.WAITING: "waiting", OperationState.DONE: "done", OperationState.REFUSED: "overdue"}


def offline_operations(request: HttpRequest, subject: object) -> SafeString | None:
    """The operations of a visit, for the bureau; None where nothing was done without network."""
    assert isinstance(subject, Visit)
    if not reader_of(request).has(*BUREAU):
        return None
    rows = [_row(operation) for operation in operations_of(subject)]
    if not rows:
        return None
    return SafeString(render_to_string("inspections/panel_offline.html", {"rows": rows}, request=request))


def _row(operation: OfflineOperation) -> dict[str, object]:
    state = OperationState(operation.state)
    return {
        "operation": operation,
        "kind": _(OperationKind(operation.kind).label),
        "state": pill(_TONES[state], state.label),
        "offset": f"{operation.clock_offset_ms / 1000:+.1f}",
        "text": operation.told,
    }


register_panel(SLOT, order=80, render=offline_operations)
