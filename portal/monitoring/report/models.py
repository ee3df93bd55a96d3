"""Reports of regions: cumulative values of the agreed indicators by quarter, and what they let one expect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from portal.applications.application.models import Application
from portal.applications.call.models import Call
from portal.directory.indicator.models import Indicator
from portal.directory.region.models import Region
from portal.kit import files
from portal.kit.db import columns, insert_only, record, records, rows
from portal.kit.files import StoredFile
from portal.monitoring.agreement.models import AgreedIndicator, Agreement
from portal.monitoring.report.states import ReportState
from portal.people.person.models import Person
from portal.people.roles import FOUNDATION


class Report(Model):
    """One report of one quarter; revision 0 is the first, each correction after acceptance adds one.

    `due_at` is the first instant that is late. What is typed before submission is in drafts.
    """

    id = fields.BigIntField(primary_key=True)
    agreement: fields.ForeignKeyRelation[Agreement] = fields.ForeignKeyField(
        "portal.Agreement", related_name="reports", on_delete=fields.RESTRICT
    )
    agreement_id: int
    period = fields.CharField(max_length=6)
    revision = fields.IntField(default=0)
    state = fields.CharEnumField(ReportState, max_length=24, default=ReportState.OPEN)
    due_at = fields.DatetimeField()
    submitted_at = fields.DatetimeField(null=True)
    submitted_by_name = fields.CharField(max_length=200, default="")
    accepted_at = fields.DatetimeField(null=True)
    accepted_by_name = fields.CharField(max_length=200, default="")
    returned_because = fields.TextField(default="")
    corrects_because = fields.TextField(default="")
    values: fields.ReverseRelation[ReportValue]

    class Meta:
        table = "report"

    def __str__(self) -> str:
        agreement = self.__dict__.get("_agreement")
        number = agreement.number if agreement else f"agreement {self.agreement_id}"
        return f"{number}-{self.period}" + (f" revision {self.revision}" if self.revision else "")

    @classmethod
    def visible_to(cls, person: Person) -> QuerySet[Report]:
        """Her region's for a region's people; all for the Foundation's officers, council, Board and auditors."""
        if person.roles & FOUNDATION:
            return cls.all()
        return cls.filter(Q(agreement__region_id=person.region_id) if person.region_id is not None else Q(id=0))

    async def evidence_for(self, person: Person) -> list[StoredFile]:
        """The files beside the report that exist for her: all for its region, for others those that were submitted.

        Its agreement must be loaded.
        """
        seen = files.of(self)
        if person.region_id != self.agreement.region_id:
            seen = seen.filter(uploaded_at__lte=self.submitted_at) if self.submitted_at else seen.filter(id=0)
        return await seen


async def revisions_of(number: str, period: str, person: Person) -> list[Report]:
    """All revisions of a quarter's report that are `visible_to` her, newest first; `number` is its agreement's.

    Each is loaded with its agreement, that one with its region, application and call.
    """
    loaded = {"report": Report, "agreement": Agreement, "region": Region, "application": Application, "call": Call}
    found = await rows(
        f"SELECT {', '.join(columns(model, alias) for alias, model in loaded.items())} FROM report"
        " JOIN agreement ON agreement.id = report.agreement_id JOIN region ON region.id = agreement.region_id"
        " JOIN application ON application.id = agreement.application_id JOIN call ON call.id = application.call_id"
        " WHERE agreement.number = $1 AND report.period = $2 AND ($3 OR agreement.region_id = $4)"
        " ORDER BY report.revision DESC",
        number, period, bool(person.roles & FOUNDATION), person.region_id,
    )  # fmt: skip
    reports = []
    for row in found:
        application = record(Application, row, "application", call=record(Call, row, "call"))
        region = record(Region, row, "region")
        agreement = record(Agreement, row, "agreement", region=region, application=application)
        reports.append(record(Report, row, "report", agreement=agreement))
    return reports


async def reported_calls() -> list[Call]:
    """The calls of which there are reports, the newest first."""
    return await records(
        Call,
        "EXISTS (SELECT FROM application JOIN agreement ON agreement.application_id = application.id"
        " JOIN report ON report.agreement_id = agreement.id WHERE application.call_id = call.id) ORDER BY id DESC",
    )


async def reporting(call: int) -> list[Agreement]:
    """The agreements of a call, by its id, that have reports; with their regions."""
    found = await rows(
        f"SELECT {columns(Agreement, 'agreement')}, {columns(Region, 'region')} FROM agreement"
        " JOIN region ON region.id = agreement.region_id"
        " JOIN application ON application.id = agreement.application_id WHERE application.call_id = $1"
        " AND EXISTS (SELECT FROM report WHERE agreement_id = agreement.id)",
        call,
    )
    return [record(Agreement, row, "agreement", region=record(Region, row, "region")) for row in found]


async def reports_of(agreements: Sequence[Agreement]) -> list[Report]:
    """All reports under these agreements, each with its own, by revision."""
    known = {one.id: one for one in agreements}
    found = await rows(
        f"SELECT {columns(Report, 'report')} FROM report WHERE agreement_id = ANY($1) ORDER BY revision, id",
        list(known),
    )
    return [record(Report, row, "report", agreement=known[row["report.agreement_id"]]) for row in found]


@insert_only("report_value")
class ReportValue(Model):
    """A submitted value since the programme began, or the word why there is none (not_reported, not_applicable).

    Each submission of a report writes its values anew under the next `attempt`; the last one counts.
    """

    id = fields.BigIntField(primary_key=True)
    report: fields.ForeignKeyRelation[Report] = fields.ForeignKeyField(
        "portal.Report", related_name="values", on_delete=fields.RESTRICT
    )
    report_id: int
    attempt = fields.IntField()
    agreed: fields.ForeignKeyRelation[AgreedIndicator] = fields.ForeignKeyField(
        "portal.AgreedIndicator", related_name="reported", on_delete=fields.RESTRICT
    )
    agreed_id: int
    numerator = fields.DecimalField(max_digits=15, decimal_places=2, null=True)
    denominator = fields.DecimalField(max_digits=15, decimal_places=2, null=True)
    missing = fields.CharField(max_length=16, default="")
    explanation = fields.TextField(default="")

    class Meta:
        table = "report_value"
        unique_together = (("report", "attempt", "agreed"),)


async def agreed_for(agreement: int, period: str) -> Sequence[Mapping[str, Any]]:
    """The agreed indicators of an agreement, by its id, in their order, with what is agreed for the quarter.

    Columns of `Indicator` as "indicator", its `agreed_id`, and the plan's numerator and denominator, None without one.
    """
    return await rows(
        f"SELECT {columns(Indicator, 'indicator')}, agreed.id AS agreed_id, plan.numerator, plan.denominator"
        " FROM agreed_indicator AS agreed JOIN indicator ON indicator.id = agreed.indicator_id LEFT JOIN LATERAL ("
        " SELECT numerator, denominator FROM agreed_value WHERE agreed_id = agreed.id AND period = $2"
        " ORDER BY edition DESC LIMIT 1) AS plan ON true WHERE agreed.agreement_id = $1 ORDER BY agreed.position",
        agreement,
        period,
    )


async def accepted_under(agreement: int) -> Sequence[Mapping[str, Any]]:
    """The values of all accepted reports of an agreement, by its id, each attempt after those before it."""
    return await rows(
        "SELECT report.period, value.agreed_id, value.numerator, value.denominator, value.missing, value.explanation"
        " FROM report JOIN report_value AS value ON value.report_id = report.id"
        " WHERE report.agreement_id = $1 AND report.state = 'accepted' ORDER BY value.attempt",
        agreement,
    )


@insert_only("forecast")
class Forecast(Model):
    """Status and forecast of an agreed indicator, computed each time that what they stand on changed; the last counts.

    `period` is the last accepted quarter; without a `status` there is nothing to compare. Numbers as in `methods.Pace`.
    """

    id = fields.BigIntField(primary_key=True)
    agreed: fields.ForeignKeyRelation[AgreedIndicator] = fields.ForeignKeyField(
        "portal.AgreedIndicator", related_name="forecasts", on_delete=fields.RESTRICT
    )
    agreed_id: int
    period = fields.CharField(max_length=6)
    computed_at = fields.DatetimeField()
    status = fields.CharField(max_length=16)
    forecast = fields.FloatField(null=True)
    low = fields.FloatField(null=True)
    high = fields.FloatField(null=True)
    p_target = fields.FloatField(null=True)
    method = fields.CharField(max_length=40)

    class Meta:
        table = "forecast"

    @classmethod
    async def newest(cls, agreements: Sequence[int]) -> Sequence[Mapping[str, Any]]:
        """The last forecast of every agreed indicator of these agreements, with the indicator and the target.

        Where none was made yet its columns are None; so are `stated` and `because` where the officer says nothing else.
        """
        return await rows(LAST_FORECASTS, list(agreements))


@insert_only("manual_status")
class ManualStatus(Model):
    """What the programme officer says of an indicator beside the computed status, and why; the last counts.

    It speaks of `period`, the last accepted quarter then, and of no later one. An empty `status` takes it back.
    """

    id = fields.BigIntField(primary_key=True)
    agreed: fields.ForeignKeyRelation[AgreedIndicator] = fields.ForeignKeyField(
        "portal.AgreedIndicator", related_name="manual_statuses", on_delete=fields.RESTRICT
    )
    agreed_id: int
    period = fields.CharField(max_length=6)
    status = fields.CharField(max_length=16)
    reason = fields.TextField()
    stated_at = fields.DatetimeField()
    stated_by_name = fields.CharField(max_length=200)

    class Meta:
        table = "manual_status"

    @classmethod
    async def newest(cls, agreements: Sequence[int]) -> dict[int, ManualStatus]:
        """What is said of the indicators of these agreements, by key of the agreed indicator."""
        said = await cls.filter(agreed__agreement_id__in=agreements).order_by("id")
        return {one.agreed_id: one for one in said}


LAST_FORECASTS = """
SELECT agreed.agreement_id, agreed.id AS agreed_id, indicator.code, indicator.name_ru, indicator.name_en,
       indicator.kind, indicator.unit, indicator.desired, made.period, made.status, made.forecast, made.low, made.high,
       made.p_target, made.method, said.status AS stated, said.reason AS because,
       target.numerator AS target_numerator, target.denominator AS target_denominator
FROM agreed_indicator AS agreed
JOIN indicator ON indicator.id = agreed.indicator_id
LEFT JOIN LATERAL (
    SELECT * FROM forecast WHERE forecast.agreed_id = agreed.id ORDER BY forecast.id DESC LIMIT 1
) AS made ON true
LEFT JOIN LATERAL (
    SELECT * FROM manual_status WHERE manual_status.agreed_id = agreed.id ORDER BY manual_status.id DESC LIMIT 1
) AS said ON said.period = made.period AND said.status <> ''
LEFT JOIN LATERAL (
    SELECT numerator, denominator FROM agreed_value WHERE agreed_value.agreed_id = agreed.id
    ORDER BY period DESC, edition DESC LIMIT 1
) AS target ON true
WHERE agreed.agreement_id = ANY($1::bigint[])
ORDER BY agreed.agreement_id, agreed.position
"""
