"""From the file of a report to a proposed breakdown. Nothing here knows the database."""

from .addressees import Vocabulary
from .document import Document
from .outline import Outline, outline_of
from .problems import ImportProblem
from .reading import read

__all__ = ["Document", "ImportProblem", "Outline", "Vocabulary", "outline_of", "propose", "read"]


def propose(data: bytes, vocabulary: Vocabulary) -> Outline:
    """Return what a file proposes. Raises ImportProblem."""
    return outline_of(read(data), vocabulary)
