"""Writes of papers: draft, sign, issue, serve, void, attach the sealed copy, and prove that all of them still hold."""

from anguan.papers.rules import NotAllowed
from anguan.papers.services.announcing import (
    announce_paper,
    record_attempt,
    serve_all_announced,
    serve_announced,
)
from anguan.papers.services.closing import attach_sealed_copy, void_paper
from anguan.papers.services.consents import record_consent, withdraw_consent
from anguan.papers.services.drafts import draft_paper, rewrite_draft, sign_paper
from anguan.papers.services.editions import load_forms, record_form_version
from anguan.papers.services.issue import issue_paper, redrawn
from anguan.papers.services.offering import offers_from, standing_from
from anguan.papers.services.review import give_opinion, recall_paper, send_paper
from anguan.papers.services.serving import serve_paper, serve_papers
from anguan.papers.services.terms import count_terms_again
from anguan.papers.services.verification import PaperCheck, verify_papers

__all__ = [
    "NotAllowed",
    "PaperCheck",
    "announce_paper",
    "attach_sealed_copy",
    "count_terms_again",
    "draft_paper",
    "give_opinion",
    "issue_paper",
    "load_forms",
    "offers_from",
    "recall_paper",
    "record_attempt",
    "record_consent",
    "record_form_version",
    "redrawn",
    "rewrite_draft",
    "send_paper",
    "serve_all_announced",
    "serve_announced",
    "serve_paper",
    "serve_papers",
    "sign_paper",
    "standing_from",
    "verify_papers",
    "void_paper",
    "withdraw_consent",
]
