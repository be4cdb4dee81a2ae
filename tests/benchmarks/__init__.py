"""What the product costs, beside what else there is. `python -m tests.benchmarks` lists them.

Each command prints tables in Markdown and says of each requirement whether it holds. It fills
databases of its own, or measures those that are given. Whatever is compared is measured in turn,
so that a machine which is busy is busy for all, and the median counts.
"""
