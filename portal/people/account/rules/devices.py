"""What a browser says of itself, in words that its owner recognises."""

from __future__ import annotations

from portal.kit.i18n import Text, say

# The first that is found counts: most browsers also name those whose pages they want to be shown.
BROWSERS = (
    ("YaBrowser/", say("Yandex Browser")), ("Edg", say("Edge")), ("OPR/", say("Opera")), ("Firefox/", say("Firefox")),
    ("SamsungBrowser/", say("Samsung Internet")), ("HeadlessChrome/", say("Chrome")), ("Chrome/", say("Chrome")),
    ("Safari/", say("Safari")),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", say("iPhone")), ("iPad", say("iPad")), ("Android", say("Android")), ("Windows", say("Windows")),
    ("Macintosh", say("Mac")), ("Linux", say("Linux")),
)  # fmt: skip


def words_of_device(told: str) -> Text:
    """Browser and system, as far as its User-Agent header says them."""
    browser = next((word for sign, word in BROWSERS if sign in told), None)
    system = next((word for sign, word in SYSTEMS if sign in told), None)
    if browser and system:
        return say("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or say("a browser that does not say its name")
