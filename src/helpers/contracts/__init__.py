"""What people write by hand: YAML files read strictly, and every problem of one told at once."""
