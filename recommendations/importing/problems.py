"""Why a file cannot be imported, in a sentence that says what to do."""


class ImportProblem(Exception):
    """The file is refused; nothing was written."""
