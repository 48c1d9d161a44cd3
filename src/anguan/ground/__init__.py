"""What every room stands on: clock, calendar, rules, events, outbox, audit, evidence, rendering, numbering, access."""
