"""Work that no request waits for: queued with what it belongs to, done by a worker beside the site.

A job is a task of django-tasks: a function with `@task()`, and arguments that are JSON. Its row is
written in the transaction that queues it. What the library does not do is here: a job of a worker
that was killed is taken back (`queue`), tried at most five times, and known by a key (`backend`).
`worker` does the jobs, each in a process of its own.
"""
