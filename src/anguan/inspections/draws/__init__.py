"""双随机抽查: the draw that anybody can run again, format `anguan-draw/1` (docs/draw-bundle.md).

Pure: no database, no clock, no randomness of its own, no Django. The same algorithm in the visitor's browser stands in
frontend/src/draw/verify.ts.

    bundle = parse(path.read_bytes())       # Unreadable, or Differs
    verification = verify(bundle)           # Differs names the first thing that is not so
    whole = complete(bundle_without_result) # the draw itself
"""

from anguan.inspections.draws.beacons import round_at, time_of_round
from anguan.inspections.draws.bundle import (
    Alternate,
    Beacon,
    BeaconPlan,
    Bundle,
    Commitment,
    Conflict,
    Officer,
    PoolRow,
    Result,
    Secret,
    Skip,
    Spec,
    Stratum,
    Target,
    Unreadable,
    check_format,
    parse,
)
from anguan.inspections.draws.companions import (
    COMPANION_FORMAT,
    CompanionDiffers,
    CompanionStep,
    CompanionVerification,
    companion_of,
    expert_teams,
    experts_digest,
    verify_companion,
)
from anguan.inspections.draws.drawing import assign_officers, draw, pick, seed_of, ticket_count
from anguan.inspections.draws.experts import Expert, ExpertPlan, ExpertTeam, Recusal, draw_experts
from anguan.inspections.draws.hashing import FORMAT, Hash, commitment_of, named
from anguan.inspections.draws.page_words import commitment_words, page_words
from anguan.inspections.draws.pools import (
    Absence,
    Membership,
    path_places,
    pool_root,
    prove_absence,
    prove_membership,
    tree_levels,
    verify_absence,
    verify_membership,
)
from anguan.inspections.draws.replacing import Impossible, PersonReason, TargetReason, Teams
from anguan.inspections.draws.verifying import TooManyTickets, Verification, complete, verify
from anguan.inspections.draws.words import BEACON_CANNOT, BEACON_PROVES, BeaconKind, Differs, SkipReason, Step, Want

__all__ = [
    "BEACON_CANNOT",
    "BEACON_PROVES",
    "COMPANION_FORMAT",
    "FORMAT",
    "Absence",
    "Alternate",
    "Beacon",
    "BeaconKind",
    "BeaconPlan",
    "Bundle",
    "Commitment",
    "CompanionDiffers",
    "CompanionStep",
    "CompanionVerification",
    "Conflict",
    "Differs",
    "Expert",
    "ExpertPlan",
    "ExpertTeam",
    "Hash",
    "Impossible",
    "Membership",
    "Officer",
    "PersonReason",
    "PoolRow",
    "Recusal",
    "Result",
    "Secret",
    "Skip",
    "SkipReason",
    "Spec",
    "Step",
    "Stratum",
    "Target",
    "TargetReason",
    "Teams",
    "TooManyTickets",
    "Unreadable",
    "Verification",
    "Want",
    "assign_officers",
    "check_format",
    "commitment_of",
    "commitment_words",
    "companion_of",
    "complete",
    "draw",
    "draw_experts",
    "expert_teams",
    "experts_digest",
    "named",
    "page_words",
    "parse",
    "path_places",
    "pick",
    "pool_root",
    "prove_absence",
    "prove_membership",
    "round_at",
    "seed_of",
    "ticket_count",
    "time_of_round",
    "tree_levels",
    "verify",
    "verify_absence",
    "verify_companion",
    "verify_membership",
]
