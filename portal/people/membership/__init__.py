"""Who belongs to the portal, as whom: the administrator's pages of people and organisations."""
