"""An application as PDF: the text that was submitted, and the receipt for it."""

from __future__ import annotations

from portal.applications.application.models import Application, ApplicationVersion
from portal.applications.programme.documents import attachments, programme
from portal.applications.programme.rules import from_canonical
from portal.kit.documents import Document, facts, hash_of_text, words
from portal.kit.i18n import instant, money, say


def text_name(application: Application, version: ApplicationVersion) -> str:
    """The name of the file with the submitted text."""
    return f"application-{application.number}-{version.number}"


def receipt_name(application: Application) -> str:
    """The name of the file with the receipt."""
    return f"receipt-{application.number}"


def text(application: Application, version: ApplicationVersion) -> Document:
    """What was submitted, as its page shows it; the application's region and call must be loaded."""
    read = from_canonical(version.content)
    over = say("Application %(number)s, version %(version)s", number=application.number, version=version.number)
    received = say("Received on %(when)s. This text does not change.", when=instant(version.submitted_at))
    return Document(
        name=text_name(application, version),
        over=f"{over} · {application.region.name}",
        heading=read.passport.title,
        lead=received,
        running=over,
        made_at=version.submitted_at,
        blocks=[*programme(read), *hash_of_text(version.sha256)],
        foot=f"SHA-256 {version.sha256}",
    )


def receipt(application: Application, version: ApplicationVersion) -> Document:
    """What was received, when, from whom, and the hash that proves it; with who submitted it loaded."""
    number = application.number
    return Document(
        name=receipt_name(application),
        over=say("Receipt"),
        heading=say("Application %(number)s is submitted", number=number),
        lead=say("The Foundation has received the text of your application. It does not change any more."),
        running=say("Receipt for application %(number)s", number=number),
        made_at=version.submitted_at,
        blocks=[
            facts([
                (say("Number"), number),
                (say("Call"), application.call.name),
                (say("Region"), application.region.name),
                (say("Received, Moscow time"), instant(version.submitted_at)),
                (say("Received, time of the region"), instant(version.submitted_at, application.region.timezone)),
                (say("Submitted by"), version.submitted_by.name),
                (say("Version"), version.number),
                (say("Grant asked for"), money(version.grant)),
                (say("Whole budget"), money(version.total)),
            ]),
            *hash_of_text(version.sha256),
            words(say("If one letter of the submitted text were changed, this number would be different."), "quiet"),
            *attachments(from_canonical(version.content)),
        ],
        foot=f"SHA-256 {version.sha256}",
    )  # fmt: skip
