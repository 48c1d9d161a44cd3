"""规则: thresholds, time limits and texts of the law as versioned records. Pure; stored records are in `selectors`."""

from anguan.ground.rules.records import NATIONAL, Kind, Rule, UnknownRule, shipped_rule, shipped_rules

__all__ = ["NATIONAL", "Kind", "Rule", "UnknownRule", "shipped_rule", "shipped_rules"]
