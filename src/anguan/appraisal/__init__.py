"""年度评选: yearly appraisal of advanced enterprises."""
