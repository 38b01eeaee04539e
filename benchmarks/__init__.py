"""Ratios measured side by side on one machine; not part of the package."""
