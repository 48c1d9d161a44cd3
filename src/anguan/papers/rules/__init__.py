"""执法文书的规则: the forms, what each asks for, what may follow what, and how a number is written."""

from collections.abc import Mapping
from typing import Final

from anguan.papers.rules.bodies import (
    CODE_LENGTH,
    covers,
    day_in_words,
    field_fault,
    inspection_faults,
    is_agreed,
    missing_fields,
    moment_of,
    new_confirm_code,
    number_text,
    opinion_faults,
    problem_faults,
    statute_key,
)
from anguan.papers.rules.coercion import FOLLOWING, Following, Measure, follow, following_diagram, measure_of, step_of
from anguan.papers.rules.coercion_forms import COERCION_FORMS
from anguan.papers.rules.evidence_forms import EVIDENCE_FORMS
from anguan.papers.rules.inspection_forms import INSPECTION_FORMS
from anguan.papers.rules.offers import BY_HAND, GROUPS, MADE_BY_VISITS, Offer, Standing, offer_of
from anguan.papers.rules.prefill import Known, PartyKnown, prefilled
from anguan.papers.rules.review import (
    REVIEW,
    Review,
    ReviewAction,
    Stance,
    advance_review,
    asks_opinions,
    check_apart,
    check_stance,
)
from anguan.papers.rules.service import NEEDS, announcement_fault, service_fault
from anguan.papers.rules.states import TRANSITIONS, advance, check_follows, check_service
from anguan.papers.rules.vocabulary import (
    WORK_SAFETY_LAW,
    Action,
    AttemptOutcome,
    ConsentKind,
    Field,
    FieldKind,
    Form,
    FormCode,
    NotAllowed,
    OpinionRole,
    PaperState,
    Party,
    ServiceMethod,
    TermKind,
)

FORMS: Final[Mapping[FormCode, Form]] = {
    form.code: form for form in (*INSPECTION_FORMS, *COERCION_FORMS, *EVIDENCE_FORMS)
}

__all__ = [
    "BY_HAND",
    "CODE_LENGTH",
    "FOLLOWING",
    "FORMS",
    "GROUPS",
    "MADE_BY_VISITS",
    "NEEDS",
    "REVIEW",
    "TRANSITIONS",
    "WORK_SAFETY_LAW",
    "Action",
    "AttemptOutcome",
    "ConsentKind",
    "Field",
    "FieldKind",
    "Following",
    "Form",
    "FormCode",
    "Known",
    "Measure",
    "NotAllowed",
    "Offer",
    "OpinionRole",
    "PaperState",
    "Party",
    "PartyKnown",
    "Review",
    "ReviewAction",
    "ServiceMethod",
    "Stance",
    "Standing",
    "TermKind",
    "advance",
    "advance_review",
    "announcement_fault",
    "asks_opinions",
    "check_apart",
    "check_follows",
    "check_service",
    "check_stance",
    "covers",
    "day_in_words",
    "field_fault",
    "follow",
    "following_diagram",
    "inspection_faults",
    "is_agreed",
    "measure_of",
    "missing_fields",
    "moment_of",
    "new_confirm_code",
    "number_text",
    "offer_of",
    "opinion_faults",
    "prefilled",
    "problem_faults",
    "service_fault",
    "statute_key",
    "step_of",
]
