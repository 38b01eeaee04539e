"""Releases published elsewhere: a folder, an SFTP server, an object store.

Takes a release that is whole, gives the addresses readers use; never changes it, and never says a
secret.

`send.py` has the order in which a release is put at its target, `targets.py` the kinds of targets,
`address.py` their addresses and the secrets in them.
"""
