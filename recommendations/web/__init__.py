"""What an address says and how it is answered: parameters, refusals, caching, citations."""
