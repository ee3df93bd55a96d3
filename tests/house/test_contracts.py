"""The layering holds, the migrations say what the models say, and foreign keys point to earlier rooms only."""

import importlib
import subprocess
import sys
from pathlib import Path

from tortoise import Tortoise
from tortoise.models import Model

from portal.app import JOBS, MODELS
from portal.app import ROOMS as ROOMS_OF_PAGES
from portal.kit import db
from tests.conftest import Database

ROOT = Path(__file__).parents[2]
ROOMS = [module.rsplit(".", 1)[0] for module in MODELS if module.endswith(".models")]


def test_time_flows_one_way() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_application_knows_every_room() -> None:
    files = {path.relative_to(ROOT).with_suffix("") for path in (ROOT / "portal").rglob("*.py")}
    there = {path.parent if path.name == "__init__" else path for path in files}
    routes = {".".join(path.parts) for path in there if path.name == "routes"}
    assert routes == {room.__name__ for room in ROOMS_OF_PAGES}
    tables = {name for name in (".".join(path.parts) for path in there) if models_in(name)}
    assert tables == set(MODELS)
    assert {".".join(path.parts) for path in there if path.name == "jobs" and path.parent.name != "kit"} <= set(JOBS)


def models_in(name: str) -> list[type[Model]]:
    """The models that a module of ours defines itself."""
    if not name.endswith(".models") and not name.startswith("portal.kit."):
        return []
    values = vars(importlib.import_module(name)).values()
    return [one for one in values if isinstance(one, type) and issubclass(one, Model) and one.__module__ == name]


def test_foreign_keys_point_to_the_same_or_an_earlier_room() -> None:
    order = {room: position for position, room in enumerate(ROOMS)}
    models = {model.__name__: model for name in MODELS for model in models_in(name)}
    pointing = 0
    for model in models.values():
        here = model.__module__.rsplit(".", 1)[0]
        for field in model._meta.fk_fields | model._meta.o2o_fields:
            there = models[model._meta.fields_map[field].model_name.split(".")[1]].__module__.rsplit(".", 1)[0]
            assert here in order, f"{model.__name__} is in the kit and may point nowhere"
            assert order[there] <= order[here], f"{model.__name__}.{field} points to a later room"
            pointing += 1
    assert pointing > 20


async def test_migrations_say_what_the_models_say(template: Database) -> None:
    from tortoise.context import TortoiseContext
    from tortoise.migrations.autodetector import MigrationAutodetector

    async with TortoiseContext() as context:
        await context.init(config=db.config(template.app_url, MODELS), init_connections=False)
        detector = MigrationAutodetector(context.apps, db.config(template.app_url, MODELS)["apps"])
        assert not await detector.changes()


async def test_every_constraint_that_has_words_is_in_the_database(connected: None) -> None:
    rows = await Tortoise.get_connection("default").execute_query_dict(
        "SELECT conname AS name FROM pg_constraint"
        " UNION SELECT relname FROM pg_class WHERE relkind = 'i'"
        " UNION SELECT proname FROM pg_proc WHERE prosrc LIKE '%CONSTRAINT = ''' || proname || '''%'"
    )
    assert len(db._constraints) > 5
    assert db._constraints.keys() - {row["name"] for row in rows} == set()
