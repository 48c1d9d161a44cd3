"""公开随机源: what a bundle's beacon proves by itself (section "Beacon kinds" of the page)."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from anguan.inspections.draws.bundle import Bundle
from anguan.inspections.draws.words import BeaconKind, Differs, Step, Want

# The chain "quicknet" of drand: unchained, signatures on G1. Its published key is the default of drand_verify.
GENESIS: Final = datetime.fromtimestamp(1692803367, UTC)
PERIOD: Final = timedelta(seconds=3)
# The last round that a time of four-digit years can name.
LAST_ROUND: Final = (datetime.max.replace(tzinfo=UTC) - GENESIS) // PERIOD + 1


def round_at(moment: datetime) -> int:
    """The first round that is published at or after `moment` (aware)."""
    return max(1, -((GENESIS - moment) // PERIOD) + 1)


def time_of_round(number: int) -> datetime:
    """When a round is published; round 1 at genesis. OverflowError after `LAST_ROUND`."""
    return GENESIS + (number - 1) * PERIOD


def check_beacon(bundle: Bundle) -> None:
    """Raise `Differs` when the beacon contradicts the spec. Only `drand-quicknet` can be proven from the file."""
    plan = bundle["spec"]["beacon"]
    if plan["kind"] != BeaconKind.DRAND_QUICKNET:
        return
    beacon = bundle["beacon"]
    number = plan["round"]
    assert isinstance(number, int)
    signature = beacon["signature"]
    value = sha256(bytes.fromhex(signature)).hexdigest()
    if beacon["value"] != value:
        raise Differs(Step.BEACON, "beacon.value", value, beacon["value"])
    if not _signed_by_quicknet(number, signature):
        raise Differs(Step.BEACON, "beacon.signature", Want.VALID_SIGNATURE, signature)
    moment = time_of_round(number).strftime("%Y-%m-%dT%H:%M:%SZ")
    if plan["not_before"] != moment:
        raise Differs(Step.BEACON, "spec.beacon.not_before", moment, plan["not_before"])


def _signed_by_quicknet(number: int, signature: str) -> bool:
    from drand_verify import verify_quicknet  # a compiled library that only this kind of bundle needs

    if number > LAST_ROUND:
        return False
    try:
        verify_quicknet(number, signature)
    except ValueError:
        return False
    except BaseException as error:
        # A panic in the Rust library comes as a BaseException of its own; an interrupt must pass.
        if type(error).__name__ == "PanicException":
            return False
        raise
    return True
