"""From the file of a report to a proposed breakdown. Nothing here knows the database."""

from .addressees import AddresseeNames
from .document import Document
from .outline import Outline, UnreadableOutline
from .problems import ImportProblem
from .proposing import outline_of
from .reading import read

__all__ = [
    "AddresseeNames",
    "Document",
    "ImportProblem",
    "Outline",
    "UnreadableOutline",
    "outline_of",
    "propose",
    "read",
]


def propose(data: bytes, names: AddresseeNames) -> Outline:
    """Return what a file proposes. Raises ImportProblem."""
    return outline_of(read(data), names)
