#!/usr/bin/env python3
"""Draws average accuracy after each task of several runs as an SVG picture.

usage: tools/plot_results.py RUN... > picture.svg

Each RUN is a folder with a results.json. Needs Python's standard library only.
"""
import json
import pathlib
import sys

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 60, 190, 24, 48
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"]  # told apart by all eyes


def read(run):
    results = json.loads((pathlib.Path(run) / "results.json").read_text())
    curve = lambda part: [100 * after["avg_acc"] for after in results[part]["after_each_task"]]
    return results["method"], curve("configured"), curve("instance")


def main(runs):
    if not runs:
        sys.exit(__doc__)
    curves = [read(run) for run in runs]
    tasks = max(len(batchwise) for _, batchwise, _ in curves)
    x = lambda task: LEFT + (WIDTH - LEFT - RIGHT) * (task / max(tasks - 1, 1))
    y = lambda percent: TOP + (HEIGHT - TOP - BOTTOM) * (1 - percent / 100)
    path = lambda curve: " ".join(f"{x(i):.1f},{y(value):.1f}" for i, value in enumerate(curve))
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13">',
        "<title>Average accuracy after each task</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for percent in range(0, 101, 20):
        out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(percent)}" y2="{y(percent)}" stroke="#dddddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y(percent) + 4}" text-anchor="end" fill="#444444">{percent} %</text>')
    for task in range(tasks):
        out.append(f'<text x="{x(task)}" y="{HEIGHT - 26}" text-anchor="middle" fill="#444444">{task + 1}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    out.append(f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle" fill="#444444">tasks learnt</text>')
    ends = []
    for number, (method, batchwise, instance) in enumerate(curves):
        colour = COLOURS[number % len(COLOURS)]
        if instance != batchwise:
            out.append(f'<polyline points="{path(instance)}" fill="none" stroke="{colour}" stroke-dasharray="5 4"/>')
        out.append(f'<polyline points="{path(batchwise)}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        ends.append([y(batchwise[-1]), f"{method} {batchwise[-1]:.1f} %", colour])
    ends.sort()
    for above, below in zip(ends, ends[1:]):
        below[0] = max(below[0], above[0] + 17)  # labels do not cover each other
    for height, label, colour in ends:
        out.append(f'<text x="{WIDTH - RIGHT + 10}" y="{height + 4:.1f}" fill="{colour}">{label}</text>')
    out.append("</svg>")
    print("\n".join(out))


main(sys.argv[1:])
