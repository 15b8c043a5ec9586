"""A balanced choice of cases that is small enough to be committed."""

import json

import store
import tree

# No tensor of a chosen case has more elements.
ELEMENTS = 4096


def shrink(found):
    """Lets go of cases with a large tensor at once, as all operations together would not fit in memory. An operation that
    has no others keeps its smallest.
    """
    small = [case for case in found.cases if not _large(case)] or sorted(found.cases, key=store.cost)[:1]
    errors = [case for case in found.errors if not _large(case)]
    kept = {id(case) for case in small + errors}
    for case in found.cases + found.errors:
        if id(case) not in kept:
            found.table.uncase(case.get("dtype", "errors"))
    found.cases, found.errors = small, errors
    return found


def _large(case):
    return any(item.count > ELEMENTS for item in tree.stored(case))


def choose(operations, limit):
    """Takes from each operation in turn the case that differs most from those it has, until nothing more fits."""
    room = limit - sum(600 + _report(found.table) for found in operations.values())
    waiting = {name: _order(found) for name, found in operations.items()}
    chosen = {name: set() for name in operations}
    while any(waiting.values()):
        for name, cases in waiting.items():
            while cases:
                size, case = cases.pop()
                if size <= room:
                    room -= size
                    chosen[name].add(id(case))
                    break
                operations[name].table.uncase(case.get("dtype", "errors"))
    for name, found in operations.items():
        found.cases = [case for case in found.cases if id(case) in chosen[name]]
        found.errors = [case for case in found.errors if id(case) in chosen[name]]
        found.table.check(name)


def _report(table):
    """What left-out.json and summary.json may take for an operation, with what the subset leaves out."""
    return len(json.dumps(table.json())) + 60 * len(table.samples) + 200


def _order(found):
    """The cases of an operation with their sizes, the best last: the smallest of each form, then the next of each."""
    forms = {}
    for case in found.cases + found.errors:
        forms.setdefault(_form(case), []).append((store.cost(case), case))
    ordered = []
    for form, cases in forms.items():
        cases.sort(key=lambda pair: pair[0])
        ordered += [(turn, size, case) for turn, (size, case) in enumerate(cases)]
    ordered.sort(key=lambda item: item[:2])
    return [(size, case) for _, size, case in reversed(ordered)]


def _form(case):
    """What makes cases different: dtype, keywords, and each argument's kind, rank, emptiness and layout."""
    arguments = [_kind(value) for value in case["args"]]
    keywords = [(key, _kind(value)) for key, value in sorted(case.get("kwargs", []), key=lambda pair: pair[0])]
    return case.get("dtype", "errors"), str(arguments), str(keywords), str(case.get("error"))


def _kind(value):
    if isinstance(value, dict) and "tensor" in value:
        shape = value.get("shape", value["tensor"].shape)
        return len(shape), 0 in shape, "strides" in value, str(value["tensor"].dtype)
    if isinstance(value, dict):
        return [(key, _kind(item)) for key, item in value.items()]
    if isinstance(value, list):
        return sorted({str(_kind(item)) for item in value})
    return value if isinstance(value, (bool, str)) else type(value).__name__
