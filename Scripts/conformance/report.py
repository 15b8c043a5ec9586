"""What was made and what was left out, for a terminal and as left-out.json and summary.json."""

import json

import torch

from leftout import RANDOM


def line(name, table, seconds):
    reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(table.reasons().items()))
    samples, cases = sum(table.samples.values()), sum(table.cases.values())
    return f"{name:52} {samples:6} samples {cases:6} cases {seconds:6.1f} s  {reasons}".rstrip()


def write(tables, options, listed):
    details = {name: table.json() for name, table in tables.items()}
    lines = ",\n".join(f"{json.dumps(name)}:{json.dumps(table)}" for name, table in details.items())
    (options.out / "left-out.json").write_text("{" + lines + "}\n")
    covered = [name for name, table in tables.items() if any(n for kind, n in table.cases.items() if kind != "errors")]
    summary = {
        "torch": torch.__version__,
        "seed": options.seed,
        "samples": options.samples,
        "dtypes": options.dtypes.split(","),
        "listed": listed,
        "operations": len(tables),
        "covered": len(covered),
        "notCovered": [name for name in tables if name not in covered],
        "random": {name: table.reasons()[RANDOM] for name, table in tables.items() if RANDOM in table.reasons()},
        "total": _sum(tables.values()),
        "byDtype": {kind: _sum(tables.values(), kind) for kind in _kinds(tables.values())},
        "leftOut": _added(table.reasons() for table in tables.values()),
        "gaps": {name: table.gaps for name, table in tables.items() if table.gaps},
    }
    (options.out / "summary.json").write_text(json.dumps(summary, indent=1) + "\n")
    return summary


def totals(summary):
    rows = [(kind, counts) for kind, counts in summary["byDtype"].items()] + [("all", summary["total"])]
    text = [f"{kind:10} {row['samples']:7} samples {row['cases']:7} cases {row['leftOut']:7} left out" for kind, row in rows]
    text += [f"left out: {count:7} {reason}" for reason, count in sorted(summary["leftOut"].items())]
    text.append(f"{summary['covered']} of {summary['operations']} operations have cases")
    return "\n".join(text)


def _kinds(tables):
    kinds = []
    for table in tables:
        kinds += [kind for kind in table.samples if kind not in kinds]
    return sorted(kinds, key=lambda kind: (kind == "errors", kind))


def _sum(tables, only=None):
    result = {"samples": 0, "cases": 0, "leftOut": 0}
    for table in tables:
        for kind, count in table.samples.items():
            if only in (None, kind):
                result["samples"] += count
                result["cases"] += table.cases.get(kind, 0)
                result["leftOut"] += sum(table.left_out.get(kind, {}).values())
    assert result["samples"] == result["cases"] + result["leftOut"]
    return result


def _added(counts):
    result = {}
    for each in counts:
        for reason, count in each.items():
            result[reason] = result.get(reason, 0) + count
    return result
