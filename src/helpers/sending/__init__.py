"""Releases published elsewhere: a folder, an SFTP server, an object store.

Takes a release that is whole, gives the addresses readers use; never changes it, and never says a
secret.
"""
