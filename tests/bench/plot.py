"""Plain SVG: lines over two logarithmic axes, readable in light and dark."""
import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 80, 200, 40, 60
COLOURS = ["#0b6fb8", "#c2410c", "#15803d", "#7e22ce", "#a16207", "#0f766e", "#be185d"]


def short(value):
    """2500000 as 2.5 M, 0.002 as 2 m."""
    for factor, letter in ((1e9, " G"), (1e6, " M"), (1e3, " k"), (1, ""), (1e-3, " m"), (1e-6, " µ")):
        if abs(value) >= factor * 0.9999:
            return f"{value / factor:.3g}{letter}"
    return f"{value:.3g}"


def decades(low, high):
    """Powers of ten with 2 and 5 between them, where there are few."""
    steps = (1, 2, 5) if math.log10(high / low) < 3 else (1,)
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    marks = [step * 10.0**power for power in range(first, last + 1) for step in steps]
    return [mark for mark in marks if low * 0.9999 <= mark <= high * 1.0001]


class Axis:
    """From values to pixels."""

    def __init__(self, values, begin, end):
        self.low, self.high = min(values), max(values)
        if self.low == self.high:
            self.low, self.high = self.low / 2, self.high * 2
        margin = (self.high / self.low) ** 0.04
        self.low, self.high = self.low / margin, self.high * margin
        self.begin, self.end = begin, end

    def at(self, value):
        part = math.log(value / self.low) / math.log(self.high / self.low)
        return self.begin + part * (self.end - self.begin)


def text(x, y, words, anchor="middle", size=12, turned=False):
    turn = f' transform="rotate(-90 {x:.0f} {y:.0f})"' if turned else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="#555"{turn}>{escape(words)}</text>'


def plot(title, x_words, y_words, series):
    """`series`: by name, its points; what is not above 0 has no place on a logarithmic axis and is left out."""
    lines = {name: sorted((x, y) for x, y in points if x > 0 and y > 0) for name, points in series.items()}
    lines = {name: points for name, points in lines.items() if points}
    if not lines:
        raise ValueError(f"{title}: there is nothing to draw")
    x_axis = Axis([x for points in lines.values() for x, _ in points], LEFT, WIDTH - RIGHT)
    y_axis = Axis([y for points in lines.values() for _, y in points], HEIGHT - BOTTOM, TOP)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" role="img">',
           f"<title>{escape(title)}</title>", f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
           text(LEFT, 22, title, "start", 15)]
    for mark in decades(y_axis.low, y_axis.high):
        y = y_axis.at(mark)
        out += [f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>', text(LEFT - 6, y + 4, short(mark), "end")]
    for mark in sorted({x for points in lines.values() for x, _ in points}):
        x = x_axis.at(mark)
        out += [f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#eee"/>', text(x, HEIGHT - BOTTOM + 18, short(mark))]
    out += [text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, x_words), text(20, (TOP + HEIGHT - BOTTOM) / 2, y_words, turned=True)]
    for number, (name, points) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        dash = ' stroke-dasharray="6 4"' if number >= len(COLOURS) else ""
        places = [(x_axis.at(x), y_axis.at(y)) for x, y in points]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        out.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        y = TOP + 12 + 20 * number
        out += [f'<path d="M{WIDTH - RIGHT + 12} {y - 4}h22" stroke="{colour}" stroke-width="2"{dash}/>',
                text(WIDTH - RIGHT + 40, y, name, "start")]
    return "\n".join(out) + "\n</svg>\n"
