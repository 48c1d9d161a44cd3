"""What the ledger announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EnterpriseMerged:
    """企业合并: `loser_id` is from now on an alias of `winner_id`; rows that point to it stay where they are."""

    loser_id: int
    winner_id: int


@dataclass(frozen=True)
class EnterpriseStatusChanged:
    """企业状态变更: closed, moved out, standing still or open again."""

    enterprise_id: int
    before: str
    after: str
