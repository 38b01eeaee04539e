"""Files from outside, such as an agency's workbook: looked at as strangers, then read as text, cell
by cell.
"""
