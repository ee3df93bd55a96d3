"""An agreement as PDF: parties, sum and term, what the region has promised, budget, signatures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.applications.programme.documents import baseline, money_columns, plan
from portal.applications.programme.rules import SOURCE_NAMES
from portal.kit.documents import Block, Document, Row, Said, facts, hash_of_text, heading, ru, table, tally, words
from portal.kit.i18n import amount, day, instant, money, percent, quarter, say
from portal.kit.periods import quarters
from portal.monitoring.agreement import rules
from portal.monitoring.agreement.models import AgreedIndicator, AgreedValue, Agreement

UNSIGNED = Said(say("not signed yet"), quiet=True)


def name(agreement: Agreement) -> str:
    """The name of the file."""
    return f"agreement-{agreement.number}"


def agreement(
    one: Agreement, terms: rules.Terms, *, amendments: Sequence[Block] = (), changed_at: datetime | None = None
) -> Document:
    """The agreement as it stands, with the amendments in force; its region, application and version must be loaded."""
    instants = (one.drafted_at, one.region_signed_at, one.foundation_signed_at, changed_at, one.ended_at)
    return Document(
        name=name(one),
        over=say("Agreement No. %(number)s", number=one.number),
        heading=one.title,
        lead=say("The Foundation for the Support of Children in Difficult Life Situations and %(region)s",
                 region=one.region.name),
        running=say("Agreement No. %(number)s", number=one.number),
        made_at=max(instant_ for instant_ in instants if instant_),
        blocks=[*_short(one, terms), *_promised(one, terms), *_budget(terms), *amendments, *_signatures(one)],
    )  # fmt: skip


def both(pair: tuple[Any, Any]) -> Any:
    """A value as it is read, and beneath it what it is made of."""
    return Said(pair[0], sub=(pair[1],) if pair[1] else ())


def _short(one: Agreement, terms: rules.Terms) -> list[Block]:
    protocol = terms.award.protocol
    ground = say("decision of the Board No. %(number)s of %(day)s", number=protocol.board_number,
                 day=day(protocol.board_date)) if protocol.board_date else ""  # fmt: skip
    return [
        facts([
            (say("Status"), rules.stands(one)[1]),
            *([(say("Over since"), day(one.ended_on))] if one.ended_on else []),
            *([(say("Why"), ru(one.ended_because))] if one.ended_because else []),
            (say("Grant"), money(one.grant)),
            (say("Term"), say("%(first)s to %(last)s", first=quarter(one.first_period), last=quarter(one.last_period))),
            (say("Made from"), say("application No. %(number)s, version %(version)s", number=one.application.number,
                                   version=one.version.number)),
            (say("Basis"), ground),
        ])
    ]  # fmt: skip


def _promised(one: Agreement, terms: rules.Terms) -> list[Block]:
    told = say("Values since the programme began, by the end of each quarter, as in the application.")
    if terms.is_amended:
        told = say("Values since the programme began, by the end of each quarter. Changed ones name their amendment.")
    blocks = [heading(say("What the region has promised")), words(told, "quiet")]
    term = quarters(one.first_period, one.last_period)
    for agreed in terms.indicators:
        indicator, planned = agreed.indicator, agreed.planned()
        base = rules.value(indicator, agreed.baseline_numerator, agreed.baseline_denominator)
        blocks += [
            heading(f"{indicator.code} {indicator.name}", 2),
            baseline(both(base)),
            plan(say("Plan by quarter"), {period: _planned(agreed, planned.get(period)) for period in term}),
        ]
    return blocks


def _planned(agreed: AgreedIndicator, value: AgreedValue | None) -> Said:
    if value is None:
        return Said(say("no plan"), quiet=True)
    figure, parts = rules.value(agreed.indicator, value.numerator, value.denominator)
    changed = (say("amendment No. %(number)s", number=value.edition),) if value.edition else ()
    return Said(figure, sub=(*((parts,) if parts else ()), *changed))


def _budget(terms: rules.Terms) -> list[Block]:
    names = [SOURCE_NAMES[source] for source in (rules.FOUNDATION, *terms.sources)]
    if terms.is_fitted:
        names = [say("Foundation, asked"), say("Foundation, agreed"), *names[1:]]
    rows = []
    for line in terms.lines:
        under = (ru(line[0].activity),) if line[0].activity else ()
        rows.append(Row([ru(line[0].title, bold=True, sub=under)], "group"))
        rows += [Row([str(row.year), *_sums(terms, row), rules.cell(row.total)]) for row in line]
    asked = [amount(terms.sums["asked"])] if terms.is_fitted else []
    sums = [amount(terms.sums[source]) for source in (rules.FOUNDATION, *terms.sources, "all")]
    rows.append(Row([say("All lines"), *asked, *sums], "total"))
    caption = say("Budget by line, year and source, roubles")
    return [
        heading(say("Budget")),
        tally([
            (say("Grant of the Foundation"), money(terms.sums[rules.FOUNDATION]), ""),
            (say("Co-financing share"), "" if terms.share is None else percent(terms.share), ""),
            (say("Whole budget"), money(terms.sums["all"]), ""),
        ]),
        *map(words, _given(terms)),
        table(caption, money_columns(names), rows, size=8.5),
    ]  # fmt: skip


def _sums(terms: rules.Terms, row: rules.Row) -> list[str]:
    asked = [rules.cell(row.asked)] if terms.is_fitted else []
    return [*asked, *(rules.cell(row.agreed[source]) for source in (rules.FOUNDATION, *terms.sources))]


def _given(terms: rules.Terms) -> list[Any]:
    """What the Board gave of what was asked, in sentences."""
    sums, share, asked_share = terms.sums, terms.share, terms.asked_share
    if not terms.is_fitted:
        told = [say("The Board gave the sum that was asked for: the budget is as in the application.")]
        return told + ([say("The share of co-financing is %(now)s.", now=percent(share))] if share is not None else [])
    asked, given = money(sums["asked"]), money(sums[rules.FOUNDATION])
    less = sums["asked"] - sums[rules.FOUNDATION]
    told = [say("The application asked for %(asked)s, the Board gave %(given)s.", asked=asked, given=given)]
    if less > 0:
        told = [say("The application asked for %(asked)s, the Board gave %(given)s: %(less)s less.", asked=asked,
                    given=given, less=money(less))]  # fmt: skip
    told.append(say("Each sum of the Foundation is changed in the same proportion, to the kopeck; the other sources are"
                    " as promised."))  # fmt: skip
    if share is not None and asked_share is not None:
        told.append(say("The share of co-financing was %(before)s, now it is %(now)s.", before=percent(asked_share),
                        now=percent(share)))  # fmt: skip
    reason = terms.award.reason
    return [*told, *([say("Reason: %(reason)s", reason=reason)] if reason else [])]


def _signatures(one: Agreement) -> list[Block]:
    signed = [
        (say("Foundation"), one.foundation_signed_by, one.foundation_signed_at),
        (one.region.name, one.region_signed_by, one.region_signed_at),
    ]
    rows = [(party, Said(instant(at), sub=(ru(who),) if who else ()) if at else UNSIGNED) for party, who, at in signed]
    return [
        heading(say("Parties and signatures")),
        facts(rows),
        words(say("The portal records who confirmed the agreement and when."), "quiet"),
        *hash_of_text(one.version.sha256, say("SHA-256 of the application's text")),
    ]
