"""From a spreadsheet to drafts: decisions, who is meant, what changed, draft updates.

`acceptance.accept` is one transaction that takes the key of an import and whose it is, so that it
can run apart from the request that asks for it; done twice, it does nothing the second time.
"""
