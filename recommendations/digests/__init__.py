"""The digest chain: what each edition published, digested, and chained to the edition before."""

from .sealing import seal

__all__ = ["seal"]
