"""What readers see while a server is away: `make check-faults`.

Real servers as processes on this machine: nginx, two gunicorns, a primary and its streaming
replica, a cache. No part of the suite.
"""
