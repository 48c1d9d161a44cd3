"""一条隐患的卷宗: everything that was decided about one hazard, read once for a page."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from anguan.ground.access import Viewer
from anguan.hazards import rules, selectors
from anguan.hazards.models import (
    Acceptance,
    Closure,
    Escalation,
    Extension,
    Hazard,
    InterimMeasure,
    Listing,
    Objection,
    RectificationPlan,
    Transfer,
)
from anguan.hazards.rules import (
    ENDED,
    AcceptanceState,
    ClosureState,
    Competent,
    EscalationState,
    ExtensionState,
    Level,
    ListingState,
    MeasureState,
    NotAllowed,
    ObjectionState,
    PlanState,
    Standing,
    State,
    TransferState,
)


@dataclass(frozen=True)
class CaseFile:
    """What stands on a hazard's page besides itself; each list is read when it is asked for, once."""

    hazard: Hazard
    viewer: Viewer
    today: date

    @property
    def state(self) -> State:
        """Where the hazard stands."""
        return State(self.hazard.state)

    @property
    def is_major(self) -> bool:
        """Whether it is a major one."""
        return self.hazard.level == Level.MAJOR

    @property
    def is_open(self) -> bool:
        """Whether anything can still be done about it."""
        return self.state not in ENDED

    @cached_property
    def leads(self) -> bool:
        """Whether the viewer leads the organ that handles it."""
        return self.hazard.organ_id in self.viewer.organs_as("leader")

    @cached_property
    def standing(self) -> Standing:
        """How far a major one has come."""
        return selectors.standing_of(self.hazard)

    @cached_property
    def plans(self) -> list[RectificationPlan]:
        """治理方案, newest first."""
        return list(self.hazard.plans.order_by("-version"))

    @cached_property
    def measures(self) -> list[InterimMeasure]:
        """临时安全措施, newest first."""
        return list(self.hazard.measures.select_related("paper").order_by("-id"))

    @cached_property
    def listings(self) -> list[Listing]:
        """挂牌督办, newest first."""
        return list(self.hazard.listings.all())

    @cached_property
    def acceptances(self) -> list[Acceptance]:
        """验收申请, newest first."""
        return list(self.hazard.acceptances.order_by("-id"))

    @cached_property
    def closures(self) -> list[Closure]:
        """销号结论, newest first."""
        return list(self.hazard.closures.order_by("-id"))

    @cached_property
    def escalations(self) -> list[Escalation]:
        """升级处置建议, newest first."""
        return list(self.hazard.escalations.order_by("-id"))

    @cached_property
    def extensions(self) -> list[Extension]:
        """延期, newest first."""
        return list(self.hazard.extensions.order_by("-id"))

    @cached_property
    def objections(self) -> list[Objection]:
        """异议, newest first."""
        return list(self.hazard.objections.order_by("-id"))

    @cached_property
    def transfers(self) -> list[Transfer]:
        """移送, newest first."""
        return list(
            self.hazard.transfers.select_related(
                "from_organ", "to_organ", "approval", "letter", "letter__service__receipt"
            ).order_by("-id")
        )

    @cached_property
    def chains(self) -> list[selectors.ChainLine]:
        """三条法律链条."""
        return selectors.chains_of(self.hazard, self.today)

    @cached_property
    def must_transfer(self) -> bool:
        """Whether by the records another organ has to order here."""
        waits = self.state in {State.CLASSIFIED, State.REOPENED}
        return waits and any(line.chain == "order" and line.verdict is Competent.NO for line in self.chains)

    @cached_property
    def plan_waiting(self) -> RectificationPlan | None:
        """The plan that waits for its review."""
        return next((row for row in self.plans if row.state == PlanState.SUBMITTED), None)

    @cached_property
    def measure_asked(self) -> InterimMeasure | None:
        """The measure whose lifting was asked for."""
        return next((row for row in self.measures if row.state == MeasureState.ASKED), None)

    @cached_property
    def measure_in_force(self) -> InterimMeasure | None:
        """A measure that the enterprise may ask to lift."""
        return next((row for row in self.measures if row.state == MeasureState.IN_FORCE), None)

    @cached_property
    def listing_hung(self) -> Listing | None:
        """What hangs now."""
        return next((row for row in self.listings if row.state == ListingState.HUNG), None)

    @cached_property
    def listing_to_publish(self) -> Listing | None:
        """A hanging or removal that isn't public yet."""
        for row in self.listings:
            removed = row.state == ListingState.REMOVED and row.removal_published_at is None
            if row.state != ListingState.WITHDRAWN and (row.published_at is None or removed):
                return row
        return None

    @cached_property
    def acceptance_waiting(self) -> Acceptance | None:
        """The application that waits for the officers."""
        return next((row for row in self.acceptances if row.state == AcceptanceState.APPLIED), None)

    @cached_property
    def closure_waiting(self) -> Closure | None:
        """The conclusion that waits for the leader."""
        return next((row for row in self.closures if row.state == ClosureState.PROPOSED), None)

    @cached_property
    def escalation_waiting(self) -> Escalation | None:
        """The oldest proposal that waits for the leader."""
        return next((row for row in reversed(self.escalations) if row.state == EscalationState.PROPOSED), None)

    @cached_property
    def extension_waiting(self) -> Extension | None:
        """The application for more time that waits for the leader."""
        return next((row for row in self.extensions if row.state == ExtensionState.APPLIED), None)

    @cached_property
    def objection_waiting(self) -> Objection | None:
        """The objection that waits for its answer."""
        return next((row for row in self.objections if row.state == ObjectionState.FILED), None)

    @cached_property
    def transfer_proposed(self) -> Transfer | None:
        """The transfer that waits for approval."""
        return next((row for row in self.transfers if row.state == TransferState.PROPOSED), None)

    @property
    def transfer_returned(self) -> Transfer | None:
        """The transfer that the other organ returned last, as long as the hazard waits for what comes next."""
        newest = next((row for row in self.transfers if row.state != TransferState.REFUSED), None)
        waits = self.state in {State.CLASSIFIED, State.REOPENED}
        return newest if waits and newest is not None and newest.state == TransferState.RETURNED else None

    @cached_property
    def missing(self) -> list[NotAllowed]:
        """What a major hazard still lacks for its next step, as the refusals that would come."""
        if not self.is_major or not self.is_open:
            return []
        checks = []
        if self.state in rules.ASKS_ENTERPRISE:
            checks = [rules.check_report]
        elif self.state is State.REPORTED:
            checks = [rules.check_acceptance]
        elif self.state is State.VERIFIED:
            checks = [rules.check_closing]
        lacking = []
        for check in checks:
            try:
                check(self.standing)
            except NotAllowed as refusal:
                lacking.append(refusal)
        return lacking
