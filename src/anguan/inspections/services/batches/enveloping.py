"""装封: a sealed draw puts each target and alternate into an envelope before anybody has seen the list."""

import secrets

from anguan.inspections import draws
from anguan.inspections.models import Batch, Envelope


def close_envelopes(batch: Batch) -> str:
    """Close an envelope for each target, then each alternate, in the order of the draw; returns their digest."""
    envelopes = []
    for number, assignment in enumerate(batch.assignments.select_related("target__enterprise").order_by("pk"), 1):
        name_salt, salt = secrets.token_hex(32), secrets.token_hex(32)
        name = draws.name_hash(batch.code, assignment.target.enterprise.credit_code, name_salt)
        envelopes.append(
            Envelope(
                batch=batch,
                assignment=assignment,
                number=number,
                name_salt=name_salt,
                name_hash=name,
                salt=salt,
                commitment=draws.envelope_commitment(batch.code, assignment.target.pseudonym, name, salt),
            )
        )
    Envelope.objects.bulk_create(envelopes)
    return draws.envelopes_digest([envelope.commitment for envelope in envelopes])
