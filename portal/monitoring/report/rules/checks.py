"""The checks of a report: each indicator read from what was typed, with its errors and questions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from portal.directory.indicator.models import Indicator, Kind
from portal.kit.i18n import Written, number, quarter, say
from portal.kit.numbers import Unreadable, read_count, read_decimal
from portal.kit.periods import year_of
from portal.monitoring.report.rules.figures import Figure, Judged, Line, Remark, Span, amount, before, shown, to_date

PARTS = ("n", "d", "missing", "why")
MISSING = {"not_reported": say("not reported"), "not_applicable": say("not applicable")}
EXPLANATION = 2000
TOLERANCE = Fraction(1, 10)
"""A value worse than plan by more than this share of the plan is asked about."""
TIMES = 10
"""A part of more than this many times its plan is asked about: a digit too many is the commonest slip."""


def judge(line: Line, typed: Mapping[str, str], span: Span) -> Judged:
    """The indicator read from what was typed, with every error and question that the numbers raise."""
    code, sent = line.code, {part: typed.get(f"{line.code}.{part}", "").strip() for part in PARTS}
    if not (sent["n"] or sent["d"] or sent["missing"]):
        return Judged(line, Figure(why=sent["why"]), True)
    errors = list(_unfit(line, sent))
    parts: dict[str, Decimal | None] = {"n": None, "d": None}
    if not sent["missing"]:
        for part in _asked(line.indicator):
            try:
                parts[part] = _read(line.indicator, part, sent[part])
            except Unreadable as unreadable:
                errors.append(Remark(f"{code}.{part}", say("%(code)s: %(wrong)s", code=code, wrong=unreadable.reason)))
    figure = Figure(parts["n"], parts["d"], sent["missing"], sent["why"])
    if errors or figure.missing:
        return Judged(line, figure, False, tuple(errors))
    total = to_date(line, figure, span)
    return Judged(
        line, figure, False, (*_impossible(line, figure), *_falls(line, figure, span)), _unlikely(line, total), total
    )


def _asked(indicator: Indicator) -> tuple[str, ...]:
    return ("n", "d") if indicator.is_quotient else ("n",)


def _unfit(line: Line, sent: Mapping[str, str]) -> list[Remark]:
    code = line.code
    if len(sent["why"]) > EXPLANATION:
        return [Remark(f"{code}.why", say("%(code)s: the explanation is too long.", code=code),
                       say("Keep to %(limit)s characters.", limit=Written(number, EXPLANATION)))]  # fmt: skip
    if not sent["missing"]:
        return []
    if sent["missing"] not in MISSING:
        return [Remark(f"{code}.missing", say("%(code)s: choose one of the answers.", code=code))]
    if sent["n"] or sent["d"]:
        return [Remark(f"{code}.missing", say("%(code)s: there is a number and a word that there is none.", code=code),
                       say("Leave one of them."))]  # fmt: skip
    if not sent["why"]:
        return [Remark(f"{code}.why", say("%(code)s: say why there is no number.", code=code))]
    return []


def _read(indicator: Indicator, part: str, text: str) -> Decimal | None:
    if not text:
        words = {"n": say("the numerator is missing"), "d": say("the denominator is missing")}
        raise Unreadable(words[part] if indicator.is_quotient else say("the number is missing"))
    if indicator.kind in (Kind.RATIO, Kind.MEAN):
        return read_decimal(text)
    count = read_count(text)
    return None if count is None else Decimal(count)


def _impossible(line: Line, figure: Figure) -> list[Remark]:
    code, over, under = line.code, figure.numerator, figure.denominator
    if over is None or under is None:
        return []
    if line.indicator.kind is Kind.SHARE and over > under:
        reason = say("%(code)s: %(part)s of %(whole)s is more than the whole.",
                     code=code, part=amount(over), whole=amount(under))  # fmt: skip
        return [Remark(f"{code}.n", reason, say("The numerator is a part of the denominator. Check both numbers."))]
    if under == 0:
        reason = say("%(code)s: the denominator is zero, so there is nothing to divide by.", code=code)
        return [Remark(f"{code}.d", reason, say("If there was nobody to count, choose “not applicable” and say why."))]
    return []


def _same_count(one: str, other: str, span: Span) -> bool:
    return not span.resets or year_of(one) == year_of(other)


def _after(line: Line, span: Span) -> tuple[str, Figure] | None:
    later = [period for period, figure in line.accepted.items() if period > span.period and not figure.missing]
    return (min(later), line.accepted[min(later)]) if later else None


def _falls(line: Line, figure: Figure, span: Span) -> list[Remark]:
    """A number since the programme began never falls from one accepted quarter to the next."""
    if not line.indicator.accumulates:
        return []
    remarks = []
    for part in _asked(line.indicator):
        name = "numerator" if part == "n" else "denominator"
        now = getattr(figure, name)
        for found, is_earlier in ((before(line, span), True), (_after(line, span), False)):
            if found is None or now is None or not _same_count(found[0], span.period, span):
                continue
            then = getattr(found[1], name)
            if then is not None and (now < then if is_earlier else now > then):
                remarks.append(_fall(f"{line.code}.{part}", now, then, found[0], is_earlier=is_earlier))
    return remarks


def _fall(where: str, now: Decimal, then: Decimal, period: str, *, is_earlier: bool) -> Remark:
    values = {"code": where.split(".")[0], "then": amount(then), "now": amount(now), "period": Written(quarter, period)}
    if is_earlier:
        reason = say("%(code)s: %(then)s was accepted for %(period)s, now it is %(now)s.", **values)
        advice = say("A number since the programme began cannot fall. Correct it here; if the earlier report is wrong, "
                     "correct that report first.")  # fmt: skip
    else:
        reason = say("%(code)s: %(now)s is more than the %(then)s accepted for %(period)s.", **values)
        advice = say("A number since the programme began cannot fall afterwards. Correct the later report first.")
    return Remark(where, reason, advice, period)


def _unlikely(line: Line, total: Figure) -> tuple[Remark, ...]:
    if line.plan is None:
        return ()
    asked, code = [], line.code
    for now, planned in ((total.numerator, line.plan.numerator), (total.denominator, line.plan.denominator)):
        if now is not None and planned and now > TIMES * planned:
            reason = say("%(code)s: %(now)s is more than ten times the planned %(plan)s.",
                         code=code, now=amount(now), plan=amount(planned))  # fmt: skip
            asked.append(Remark(f"{code}.why", reason, say("If it is right, explain it in two or three sentences.")))
    value, plan = total.value(line.indicator), line.plan.value(line.indicator)
    if not asked and value is not None and plan is not None and _is_worse(line.indicator.desired, value, plan):
        reason = say("%(code)s: %(now)s where %(plan)s was planned.",
                     code=code, now=shown(line.indicator, value), plan=shown(line.indicator, plan))  # fmt: skip
        advice = say("If it is so, explain it in two or three sentences: the officer reads them with the number.")
        asked.append(Remark(f"{code}.why", reason, advice))
    return tuple(asked)


def _is_worse(desired: str, value: Fraction, plan: Fraction) -> bool:
    if desired == "up":
        return value < plan * (1 - TOLERANCE)
    return desired == "down" and value > plan * (1 + TOLERANCE)
