def add_arguments(p):
    pass


def measure(o, f):
    pass
