# SPDX-License-Identifier: Apache-2.0
"""Plots as SVG text, in the look of the other reports: bands, lines, points with error bars."""

import html
import math

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 680, 400, 72, 20, 44, 56
COLOURS = ("#1b4f72", "#d35400", "#1e8449", "#7d3c98")


class Plot:
    """A plot with a linear or logarithmic y axis."""

    def __init__(self, title, x_label, y_label, log=False):
        self.texts = (title, x_label, y_label)
        self.log = log
        self.bands, self.lines, self.points, self.names = [], [], [], []

    def band(self, series, rows):
        """Rows of (x, low, high)."""
        self.bands.append((series, rows))

    def line(self, series, rows, name=None):
        """Rows of (x, y)."""
        self.lines.append((series, rows))
        if name:
            self.names.append((series, name))

    def dots(self, series, rows, name=None):
        """Rows of (x, y, low, high)."""
        self.points.append((series, rows))
        if name:
            self.names.append((series, name))

    def scale(self):
        """Set the axes from the data."""
        xs = [row[0] for _, rows in self.lines + self.points for row in rows]
        ys = [y for _, rows in self.bands + self.lines + self.points for row in rows
              for y in row[1:] if y > 0]
        self.x0, self.x1 = 0.0, max(xs) * 1.04
        if self.log:
            self.y0, self.y1 = math.log10(min(ys) * 0.8), math.log10(max(ys) * 1.3)
        else:
            self.y0, self.y1 = 0.0, max(ys) * 1.08

    def px(self, x):
        """Horizontal place."""
        return LEFT + (x - self.x0) / (self.x1 - self.x0) * (WIDTH - LEFT - RIGHT)

    def py(self, y):
        """Vertical place."""
        value = math.log10(max(y, 1e-12)) if self.log else y
        value = min(max(value, self.y0), self.y1)
        return HEIGHT - BOTTOM - (value - self.y0) / (self.y1 - self.y0) * (HEIGHT - TOP - BOTTOM)

    def ticks(self):
        """Marks of the y axis."""
        if self.log:
            low, high = math.floor(self.y0), math.ceil(self.y1)
            marks = [m * 10.0**e for e in range(low, high + 1) for m in (1, 2, 5)]
            return [m for m in marks if self.y0 <= math.log10(m) <= self.y1]
        return steps(self.y0, self.y1)

    def text(self):
        """The whole SVG."""
        self.scale()
        title, x_label, y_label = (html.escape(text) for text in self.texts)
        out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
               f'font-family="sans-serif" font-size="12">',
               f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>']
        for y in self.ticks():
            out.append(f'<path d="M{LEFT} {self.py(y):.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>'
                       f'<text x="{LEFT - 8}" y="{self.py(y) + 4:.1f}" text-anchor="end">'
                       f'{y:.4g}</text>')
        for x in steps(self.x0, self.x1):
            out.append(f'<text x="{self.px(x):.1f}" y="{HEIGHT - BOTTOM + 18}" '
                       f'text-anchor="middle">{x:.4g}</text>')
        for series, rows in self.bands:
            edge = [(x, high) for x, _, high in rows] + [(x, low) for x, low, _ in rows[::-1]]
            path = "L".join(f"{self.px(x):.1f} {self.py(y):.1f}" for x, y in edge)
            out.append(f'<path d="M{path}Z" fill="{COLOURS[series]}" fill-opacity="0.2"/>')
        for series, rows in self.lines:
            path = "L".join(f"{self.px(x):.1f} {self.py(y):.1f}" for x, y in rows)
            out.append(f'<path d="M{path}" fill="none" stroke-width="1.8" '
                       f'stroke="{COLOURS[series]}"/>')
        for series, rows in self.points:
            for x, y, low, high in rows:
                out.append(f'<path d="M{self.px(x):.1f} {self.py(low):.1f}V{self.py(high):.1f}" '
                           f'stroke="{COLOURS[series]}" stroke-width="1.5"/>'
                           f'<circle cx="{self.px(x):.1f}" cy="{self.py(y):.1f}" r="4" '
                           f'fill="{COLOURS[series]}"/>')
        out.append(f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}" stroke="#333333" '
                   'fill="none"/>')
        out.append(f'<text x="{(LEFT + WIDTH - RIGHT) // 2}" y="{HEIGHT - 14}" '
                   f'text-anchor="middle">{x_label}</text>'
                   f'<text transform="translate(18 {(TOP + HEIGHT - BOTTOM) // 2}) rotate(-90)" '
                   f'text-anchor="middle">{y_label}</text>'
                   f'<text x="{LEFT}" y="26" font-size="16" font-weight="bold">{title}</text>')
        for i, (series, name) in enumerate(self.names):
            y = TOP + 14 + 17 * i
            out.append(f'<rect x="{LEFT + 14}" y="{y - 6}" width="12" height="4" '
                       f'fill="{COLOURS[series]}"/><text x="{LEFT + 32}" y="{y}">'
                       f'{html.escape(name)}</text>')
        return "\n".join(out + ["</svg>", ""])


def steps(low, high):
    """Round marks between two numbers, four to nine of them."""
    step = 10.0 ** math.floor(math.log10((high - low) / 4.0))
    span = (high - low) / step
    step *= 5.0 if span > 20.0 else 2.0 if span > 8.0 else 1.0
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]
