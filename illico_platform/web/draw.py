"""The house's drawings as plain geometry: the minute's histogram, a call's clock, a rate day by day.

Templates place them (``templates/charts/``). The motif is the minute: waits stand against the same 60 s line.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from illico_platform.web import show

BIN_S, PROMISE_MS = 5, 60_000
# The histogram, in its own units: twelve bars up to the 60 s line, a gap, one bar beyond it.
_STEP, _BAR, _HEIGHT, _BASE, _OVER_X, _OVER_W = 21, 18, 132, 160, 280, 42
AXIS_MS = 80_000  # of a call that was quickly answered: the 60 s line stands at three quarters
_DAYS_WIDTH, _DAYS_LEFT, _DAYS_TOP, _DAYS_HEIGHT = 300, 38, 14, 100


def draw_histogram(bins: Sequence[int]) -> dict[str, Any]:
    """The bars, ticks and sentence of the minute, from calls per five seconds and beyond."""
    top = max([*bins, 1])
    bars = [_bar(rank, calls, top, is_last=rank == len(bins) - 1) for rank, calls in enumerate(bins)]
    limit_x = 12 * _STEP + 10
    ticks = [{"x": second // BIN_S * _STEP + 2, "text": f"{second} s", "anchor": "start"} for second in (0, 15, 30, 45)]
    ticks.append({"x": limit_x, "text": "60 s", "anchor": "middle", "strong": True})
    ticks.append({"x": _OVER_X + _OVER_W // 2, "text": _("et plus"), "anchor": "middle"})
    inside, beyond = sum(bins[:-1]), bins[-1]
    sentence = _(
        "Attente des %(calls)s appels répondus, par tranches de 5 secondes : %(bins)s ;"
        " %(beyond)s à 60 secondes ou plus."
    ) % {
        "calls": show.whole(inside + beyond),
        "bins": ", ".join(map(show.whole, bins[:-1])),
        "beyond": show.whole(beyond),
    }
    return {"bars": bars, "limit_x": limit_x, "base": _BASE, "ticks": ticks, "sentence": sentence}


def _bar(rank: int, calls: int, top: int, *, is_last: bool) -> dict[str, Any]:
    height = max(2, calls * _HEIGHT // top) if calls else 1
    x = _OVER_X if is_last else rank * _STEP + 2
    width = _OVER_W if is_last else _BAR
    # Wide figures would run into each other: then the tallest bar and the last one speak alone.
    speaks = calls and (top < 1_000 or is_last or calls == top)
    span = {"from": rank * BIN_S, "to": (rank + 1) * BIN_S}
    return {
        "kind": "over" if is_last else "bar",
        "x": x,
        "y": _BASE - height,
        "width": width,
        "height": height,
        # A long figure over the first bar would be cut at the drawing's edge.
        "label_x": x if not rank and calls > 999 else x + width // 2,
        "anchor": "start" if not rank and calls > 999 else "middle",
        "label_y": _BASE - height - 5,
        "calls": calls,
        "label": show.whole(calls) if speaks else "",
        "span": _("60 s et plus") if is_last else _("de %(from)s à %(to)s s") % span,
    }


def draw_clock(*, wait_ms: int, talk_ms: int) -> dict[str, Any]:
    """Wait and conversation on one axis with the 60 s line, in hundredths; a long conversation is cut at its end.

    ``talk`` is a share of what lies right of the wait. A kept wait always ends left of the line.

    >>> draw_clock(wait_ms=59_999, talk_ms=5_000)["wait"], draw_clock(wait_ms=60_000, talk_ms=0)["limit"]
    (74, 75)
    """
    axis = max(AXIS_MS, wait_ms + 20_000)
    wait = 100 * wait_ms // axis
    left = axis - wait_ms
    return {
        "wait": wait,
        "talk": min(100, -(-100 * talk_ms // left)),
        "is_cut": talk_ms > left,
        "limit": 100 * PROMISE_MS // axis,
        "is_flipped": wait > 55,
    }


def draw_days(rates: Sequence[tuple[date, int | None]]) -> dict[str, Any]:
    """A rate day by day as bars from 0 to 100 %: days without calls leave their place empty.

    Args:
        rates: (day, basis points or None), every day of the span, in order.
    """
    step = _DAYS_WIDTH / max(1, len(rates))
    base = _DAYS_TOP + _DAYS_HEIGHT
    bars = []
    for rank, (day, rate_bp) in enumerate(rates):
        if rate_bp is None:
            continue
        height = max(1, rate_bp * _DAYS_HEIGHT // 10_000)
        x = _DAYS_LEFT + rank * step
        bars.append({"day": day, "rate_bp": rate_bp, "x": f"{x + step * 0.1:.2f}", "width": f"{step * 0.8:.2f}"})
        bars[-1] |= {"y": base - height, "height": height, "middle": f"{x + step / 2:.2f}"}
    lines = [{"y": base - share * _DAYS_HEIGHT // 100, "text": show.percent_bp(share * 100)} for share in (0, 50, 100)]
    found = {"bars": bars, "lines": lines, "left": _DAYS_LEFT, "right": _DAYS_LEFT + _DAYS_WIDTH, "base": base}
    if rates:
        found |= {"first": rates[0][0], "last": rates[-1][0]}
    if bars:
        worst, best = min(bars, key=lambda bar: bar["rate_bp"]), max(bars, key=lambda bar: bar["rate_bp"])
        found["sentence"] = _("Taux par jour, de %(worst)s le %(worst_day)s à %(best)s le %(best_day)s.") % {
            "worst": show.percent_bp(worst["rate_bp"]),
            "worst_day": date_format(worst["day"], "DATE_FORMAT"),
            "best": show.percent_bp(best["rate_bp"]),
            "best_day": date_format(best["day"], "DATE_FORMAT"),
        }
    return found
