"""Pages of invitations: for those who invite and decide, and for those who come in."""

from portal.people.invitation.routes import inviting, joining

routes = [*inviting.routes, *joining.routes]
