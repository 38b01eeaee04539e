"""What a foreign table means: its layout, its places, its sums, and whether it may come in."""
