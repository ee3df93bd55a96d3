"""Files of an application for those who review it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.applications.review import rules
from portal.applications.review.models import Review
from portal.kit import files
from portal.kit.access import door
from portal.kit.db import found
from portal.kit.errors import NotFound
from portal.people.roles import Role


@door(Role.REVIEWER)
async def one(request: Request) -> Response:
    """The file, for a reviewer who reads the text that it goes with: assigned, without a conflict, not declined."""
    person = request.state.person
    seen = Review.visible_to(person).filter(reviewer_id=person.id, public_id=request.path_params["public_id"])
    review = await found(seen.select_related("application"))
    if not rules.is_reading(review):
        raise NotFound
    return await files.serve(request, await files.named(request.path_params["file"], review.application))


routes = [Route("/reviews/{public_id}/files/{file}", one, methods=["GET"], name="review:file")]
