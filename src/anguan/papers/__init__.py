"""执法文书: forms, numbers, issue, seal space, signatures, service, confirmation."""
