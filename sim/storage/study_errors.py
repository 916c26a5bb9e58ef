"""What can be wrong with a study or with a file of data; each message says what to do."""


class StudyError(Exception):
    """A study cannot be worked on, or not read."""


class DataError(Exception):
    """A file of data cannot be used; the message names it, with the reason and the fix."""


class DamageError(StudyError, DataError):
    """A file of results is not what was written."""
