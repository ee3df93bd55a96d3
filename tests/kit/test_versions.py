"""Two texts put together field by field: what parts, what is suggested, what a choice keeps."""

from portal.kit.forms import Field, Kind, Typed
from portal.kit.i18n import say, speaking
from portal.kit.versions import Named, among, chosen, differences, named

PASSPORT = among(Named(name, name.upper()) for name in ("title", "executor", "contact", "title_en"))
ROWS = among([Named("lines-1-title", "Line 2")])


def test_a_field_that_only_the_other_changed_is_suggested_from_there() -> None:
    base = {"title": "А", "executor": "Б", "contact": "В", "title_en": ""}
    theirs = Typed({**base, "title": "А2", "contact": "В2"}.items())
    mine = Typed({"contact": "В1", "executor": "Б1", "title": "А"}.items())
    found = differences(PASSPORT, base=Typed(base.items()), theirs=theirs, mine=mine)
    assert [(one.name, one.label, one.mine, one.theirs, one.suggested) for one in found] == [
        ("title", "TITLE", "А", "А2", "theirs"),
        ("executor", "EXECUTOR", "Б1", "Б", "mine"),
        ("contact", "CONTACT", "В1", "В2", "mine"),
    ]
    picked = [("choose.title", "theirs"), ("choose.executor", "mine"), ("choose.contact", "theirs")]
    assert dict(chosen(theirs, Typed([*mine.pairs, *picked]))) == {"title": "А2", "executor": "Б1", "contact": "В2"}


def test_a_row_that_the_other_removed_can_stay_or_go() -> None:
    mine, nothing = Typed([("lines-1-title", "x")]), Typed([])
    (found,) = differences(ROWS, base=mine, theirs=nothing, mine=mine)
    assert found.suggested == "theirs"
    assert "lines-1-title" not in chosen(nothing, Typed([*mine.pairs, ("choose.lines-1-title", "theirs")]))
    added = Typed([("lines-2-key", "b3"), ("lines-2-2027.foundation", "5")])
    kept = chosen(added, Typed([*mine.pairs, ("choose.lines-2-2027.foundation", "theirs")]))
    assert dict(kept) == {**mine, **added}


def test_several_ticks_part_and_are_taken_together_and_codes_are_said_in_words() -> None:
    field = Field("required", say("Indicators"), Kind.CHOICES, choices=(("a", "First"), ("b", say("Second"))))
    mine, theirs = Typed([("required", "a"), ("required", "b")]), Typed([("required", "b")])
    with speaking("en"):
        (found,) = differences(among([named(field)]), base=theirs, theirs=theirs, mine=mine)
        assert (found.mine, found.theirs, found.suggested) == ("First, Second", "Second", "mine")
        flag = named(Field("resets", say("Anew"), Kind.FLAG))
        assert flag.read(Typed([("resets", "yes")])) == "yes"
    assert chosen(theirs, Typed([*mine.pairs, ("choose.required", "theirs")])).lists == {"required": ["b"]}
