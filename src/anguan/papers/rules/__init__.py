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
from anguan.papers.rules.coercion_forms import COERCION_FORMS
from anguan.papers.rules.evidence_forms import EVIDENCE_FORMS
from anguan.papers.rules.inspection_forms import INSPECTION_FORMS
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
    "CODE_LENGTH",
    "FORMS",
    "NEEDS",
    "TRANSITIONS",
    "WORK_SAFETY_LAW",
    "Action",
    "AttemptOutcome",
    "ConsentKind",
    "Field",
    "FieldKind",
    "Form",
    "FormCode",
    "NotAllowed",
    "OpinionRole",
    "PaperState",
    "Party",
    "ServiceMethod",
    "TermKind",
    "advance",
    "announcement_fault",
    "check_follows",
    "check_service",
    "covers",
    "day_in_words",
    "field_fault",
    "inspection_faults",
    "is_agreed",
    "missing_fields",
    "moment_of",
    "new_confirm_code",
    "number_text",
    "opinion_faults",
    "problem_faults",
    "service_fault",
    "statute_key",
]
