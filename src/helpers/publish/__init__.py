"""Run notebooks, gather what they show, prove that it is whole, and publish it as one edition.

This room knows files, kernels and pages. It knows nothing of children or shares.
"""
