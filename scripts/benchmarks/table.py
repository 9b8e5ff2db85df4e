"""Markdown tables. SPDX-License-Identifier: Apache-2.0"""


def print_table(title: str, header: list[str], rows: list[list[str]]) -> None:
    """Prints a table with aligned columns: the first to the left, the others to the right."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    rule = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]

    def line(cells: list[str]) -> str:
        padded = [cells[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(cells[1:], widths[1:])]
        return "| " + " | ".join(padded) + " |"

    print(f"\n### {title}\n")
    for cells in [header, rule, *rows]:
        print(line(cells))
    print(flush=True)
