"""Why a sample is left out, and the table that counts samples, cases and reasons of one operation."""


class LeftOut(Exception):
    """Raised where a sample turns out to be none of ours. `reason` is counted, `detail` is for a reader."""

    def __init__(self, reason, detail=""):
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


COMPLEX = "complex"
SPARSE = "sparse"
QUANTIZED = "quantized"
OUT = "an out argument"
MEMORY_FORMAT = "a memory format"
DEVICE = "another device"
RANDOM = "random"
REFUSED = "PyTorch fails on the CPU"
SAMPLER = "the database's sampler fails"
ACCEPTED = "PyTorch refuses nothing"
ABSENT = "not in the database"
NOT_CHOSEN = "not in the subset"
OBJECT = "an argument of Python alone"


class Table:
    """Counts by dtype, where error inputs count as a dtype "errors". Every sample is a case or left out."""

    def __init__(self):
        self.samples, self.cases, self.left_out, self.details = {}, {}, {}, []
        # What is missing in cases that are there.
        self.gaps = {}

    def sample(self, kind):
        self.samples[kind] = self.samples.get(kind, 0) + 1

    def case(self, kind):
        self.cases[kind] = self.cases.get(kind, 0) + 1

    def leave_out(self, kind, index, reason, detail=""):
        reasons = self.left_out.setdefault(kind, {})
        reasons[reason] = reasons.get(reason, 0) + 1
        if detail and len(self.details) < 50:
            self.details.append({"dtype": kind, "sample": index, "reason": reason, "detail": detail})

    def uncase(self, kind):
        """A case becomes a sample left out, as the subset has no room for it."""
        self.cases[kind] -= 1
        self.leave_out(kind, -1, NOT_CHOSEN)

    def gap(self, what):
        self.gaps[what] = self.gaps.get(what, 0) + 1

    def check(self, name):
        for kind, count in self.samples.items():
            accounted = self.cases.get(kind, 0) + sum(self.left_out.get(kind, {}).values())
            assert count == accounted, f"{name}, {kind}: {count} samples, of which {accounted} are accounted for"

    def reasons(self):
        """All reasons together."""
        counts = {}
        for reasons in self.left_out.values():
            for reason, count in reasons.items():
                counts[reason] = counts.get(reason, 0) + count
        return counts

    def json(self):
        return {
            "samples": self.samples,
            "cases": self.cases,
            "leftOut": self.left_out,
            "details": self.details,
            "gaps": self.gaps,
        }


def describe(error):
    """The type of an error and the first line of what it says."""
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0][:200] if text else ''}"
