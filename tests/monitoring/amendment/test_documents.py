"""The agreement as PDF: what its page shows, and every amendment in force."""

import io
from pathlib import Path

import pypdf
import pytest

from portal.kit import documents
from portal.people.roles import Role
from tests import make
from tests.pdf import squeezed, text_of, texts_of
from tests.visit import visitor


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_o7_agreement_says_all_that_its_page_says_and_its_amendments(
    tx: object, language: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(documents, "_folder", lambda: tmp_path)
    region = await make.region(*make.KAMCHATKA)
    agreement = await make.agreement(region)
    officer = await visitor(await make.person(Role.OFFICER))
    signatory = await visitor(await make.person(Role.SIGNATORY, region=region))
    here = f"/{language}/agreements/{agreement.number}"
    typed = {"reason": "Меньше семей в районе", "SC-04.2027Q2.n": "150"}
    assert (await officer.send_form(f"{here}/amendments/new", typed)).status_code == 303
    before = await signatory.get(f"{here}/pdf")
    assert "Меньше" not in text_of(before.content), "a proposal is not in force"
    assert (await signatory.send_form(f"{here}/amendments/1/sign")).status_code == 303

    page, file = await signatory.get(here), await signatory.get(f"{here}/pdf")
    assert f'href="{here}/pdf"' in page.text
    told = text_of(file.content)
    texts = [text for text in texts_of(page.text, "rest", "thead", "a", "caption", "p", "h2") if len(text) > 1]
    assert len(texts) > 25
    assert [part for part in _parts(texts) if part not in told] == []
    amended = await signatory.get(f"{here}/amendments/1")
    changes = texts_of(amended.text, "rest", "thead", "a", "caption", "p", "h2")
    assert [part for part in _parts(changes[2:]) if part not in told] == []
    assert "Меньшесемейврайоне" in told
    reader = pypdf.PdfReader(io.BytesIO(file.content))
    assert reader.metadata is not None
    assert reader.metadata.author is None


def _parts(texts: list[str]) -> list[str]:
    """A signature is a name and an instant, which the file has in two lines."""
    return [squeezed(part) for text in texts for part in text.split(", ", 1) if part]


async def test_another_regions_agreement_is_no_file(tx: object) -> None:
    agreement = await make.agreement(await make.region(*make.NOVGOROD))
    stranger = await visitor(await make.person(Role.SIGNATORY, region=await make.region(*make.KAMCHATKA)))
    assert (await stranger.get(f"/ru/agreements/{agreement.number}/pdf")).status_code == 404
