"""From the outline of a report file to drafts: decisions, marks, replaced texts."""
