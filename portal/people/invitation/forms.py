"""What the pages of invitations may send, and their states in words."""

from __future__ import annotations

from collections.abc import Sequence

from portal.directory.region.models import Region
from portal.kit.forms import Field, Kind
from portal.kit.i18n import say
from portal.people.invitation.states import InvitationState
from portal.people.person.models import Organisation
from portal.people.roles import Role

STANDINGS = {
    InvitationState.ASKED: ("unsure", say("waits for a decision")),
    InvitationState.SENT: ("early", say("sent")),
    InvitationState.ACCEPTED: ("met", say("invitation accepted")),
    InvitationState.WITHDRAWN: ("none", say("invitation withdrawn")),
    InvitationState.DECLINED: ("none", say("request declined")),
}
OUT_OF_TIME = ("risk", say("expired"))
NEW = "new"
WORK = (
    (Role.EDITOR.value, say("write applications and reports (regional editor)")),
    (Role.SIGNATORY.value, say("sign them for the region (signatory)")),
)
REASON = Field("reason", say("Why it is declined"), Kind.LONG, say("The person is told by letter."), limit=500)
WHO = (
    Field("email", say("E-mail"), Kind.EMAIL, say("The letter goes there; nobody else can use its link."), limit=300),
    Field("name_ru", say("Name and patronymic, surname"), limit=200),
)
LANGUAGE = Field(
    "language",
    say("Letters from the portal come in"),
    Kind.CHOICE,
    choices=(("ru", say("Russian")), ("en", say("English"))),
)


def inviting(
    roles: Sequence[Role], organisations: Sequence[Organisation], regions: Sequence[Region], *, is_bound: bool
) -> tuple[Field, ...]:
    """The form of whoever may give these roles in these organisations; what leaves no choice is not asked.

    `is_bound`: only to the one organisation. With `regions` a new one can be of any of them.
    """
    role = Field("roles", say("Roles"), Kind.CHOICES, choices=tuple((one.value, one.label) for one in roles))
    place = () if is_bound else where(organisations, regions)
    return (*WHO, *([role] if len(roles) > 1 else []), *place, LANGUAGE)


def where(organisations: Sequence[Organisation], regions: Sequence[Region]) -> tuple[Field, ...]:
    """The organisation: one that stands, or a new one with its name and region."""
    choices = ((NEW, say("a new one, named below")), *((one.public_id, one.name) for one in organisations))
    fields = [
        Field("organisation", say("Organisation"), Kind.CHOICE, choices=choices),
        Field("new_organisation", say("Name of the new organisation"), required=False),
    ]
    if regions:
        named = tuple((one.code, one.name) for one in regions)
        fields.append(Field("region", say("Region of the new organisation"), Kind.CHOICE,
                            say("For a body that speaks for a region."), required=False, choices=named))  # fmt: skip
    return tuple(fields)


def asking(regions: Sequence[Region]) -> tuple[Field, ...]:
    """The form of somebody of a region who asks for registration."""
    named = tuple((one.code, one.name) for one in regions)
    return (
        Field("region", say("Region"), Kind.CHOICE, choices=named),
        Field("organisation", say("Organisation")),
        Field("position", say("Position"), limit=200),
        Field("name_ru", say("Name and patronymic, surname"), limit=200),
        Field("email", say("E-mail"), Kind.EMAIL, say("Better the one of your office. A letter with a link will come."),
              limit=300),
        Field("role", say("What you will do"), Kind.CHOICE, choices=WORK),
    )  # fmt: skip
