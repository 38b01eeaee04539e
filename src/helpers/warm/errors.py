"""The one error of this package's own."""


class WarmError(Exception):
    """The warm process cannot do what is asked; the message says what is in the way, and no next
    step: that is the caller's to know.
    """
