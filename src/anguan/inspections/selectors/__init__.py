"""Reads of batches and visits, always scoped to who asks.

Who knows a drawn list before the visits is kept small: the organ's leader and clerk see it, an officer sees the visits
assigned to them, the parties and the public see the spec and the commitments, an enterprise sees its own place.
"""

from anguan.inspections.selectors.batches import (
    PLANNERS,
    batches_visible_to,
    drawn_list,
    exclusion_counts,
    may_approve,
    may_plan,
    parties_of,
    party_candidates,
    stratum_counts,
)
from anguan.inspections.selectors.bundles import (
    OwnPlace,
    bundle_of,
    commitment_rows,
    conflict_rows,
    expert_plan,
    officer_rows,
    own_batches,
    own_place,
    own_roster_place,
    pool_rows,
    promise_of,
    public_batches,
    public_bundle,
    public_companion,
    steps_of,
    teams_of,
)
from anguan.inspections.selectors.experts import (
    expert_counts,
    experts_of,
    seats_of_expert,
    undecided_opinions,
    waiting_calls,
)
from anguan.inspections.selectors.replacements import (
    may_ask_replacement,
    may_decide,
    open_replacements,
    public_replacements,
    replacement_visible_to,
    replacement_word,
    replacements_of,
)
from anguan.inspections.selectors.results import public_results, results_to_publish
from anguan.inspections.selectors.revisits import revisit_hazards_of, self_closed_in
from anguan.inspections.selectors.statistics import YearOfDraws, public_year, year_for_viewer, years_with_draws
from anguan.inspections.selectors.visits import (
    answers_of,
    checked_this_year,
    team_of,
    visits_of_officer,
    visits_visible_to,
)

__all__ = [
    "PLANNERS",
    "OwnPlace",
    "YearOfDraws",
    "answers_of",
    "batches_visible_to",
    "bundle_of",
    "checked_this_year",
    "commitment_rows",
    "conflict_rows",
    "drawn_list",
    "exclusion_counts",
    "expert_counts",
    "expert_plan",
    "experts_of",
    "may_approve",
    "may_ask_replacement",
    "may_decide",
    "may_plan",
    "officer_rows",
    "open_replacements",
    "own_batches",
    "own_place",
    "own_roster_place",
    "parties_of",
    "party_candidates",
    "pool_rows",
    "promise_of",
    "public_batches",
    "public_bundle",
    "public_companion",
    "public_replacements",
    "public_results",
    "public_year",
    "replacement_visible_to",
    "replacement_word",
    "replacements_of",
    "results_to_publish",
    "revisit_hazards_of",
    "seats_of_expert",
    "self_closed_in",
    "steps_of",
    "stratum_counts",
    "team_of",
    "teams_of",
    "undecided_opinions",
    "visits_of_officer",
    "visits_visible_to",
    "waiting_calls",
    "year_for_viewer",
    "years_with_draws",
]
