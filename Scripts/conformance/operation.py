"""All cases of one operation."""

import case as cases
import database
from leftout import ABSENT, LeftOut, SAMPLER, Table, describe


class Found:
    """Cases, error cases and the table of one operation, and what the database says of it."""

    def __init__(self):
        self.about, self.cases, self.errors, self.table = {}, [], [], Table()


def record(name, dtypes, seed, which):
    found = Found()
    entry = database.find(name)
    if entry is None:
        found.table.sample("none")
        found.table.leave_out("none", 0, ABSENT)
        return found
    found.about = {
        "supportsAutograd": bool(entry.supports_autograd),
        "supportsGradgrad": bool(entry.supports_autograd and entry.supports_gradgrad),
    }
    for kind in dtypes:
        dtype = database.DTYPES[kind]
        if dtype not in entry.supported_dtypes("cpu"):
            continue
        differentiable = dtype.is_floating_point and dtype in entry.supported_backward_dtypes("cpu")
        key = (seed, name, kind)
        drawn = database.samples(entry, which, dtype, differentiable, key)
        for index, sample in _drawn(drawn, found.table, kind):
            try:
                found.cases.append(cases.record(entry, dtype, sample, (*key, index), found.table))
                found.table.case(kind)
            except LeftOut as left_out:
                found.table.leave_out(kind, index, left_out.reason, left_out.detail)
    for index, sample in _drawn(database.error_inputs(entry, (seed, name, "errors")), found.table, "errors"):
        try:
            found.errors.append(cases.record_error(entry, sample))
            found.table.case("errors")
        except LeftOut as left_out:
            found.table.leave_out("errors", index, left_out.reason, left_out.detail)
    found.table.check(name)
    return found


def _drawn(samples, table, kind):
    """Counts the samples; where drawing one fails, that one is counted and left out, and no more come."""
    index = 0
    while True:
        try:
            sample = next(samples)
        except StopIteration:
            return
        except Exception as error:
            table.sample(kind)
            table.leave_out(kind, index, SAMPLER, describe(error))
            return
        table.sample(kind)
        yield index, sample
        index += 1
