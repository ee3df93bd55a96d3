"""What is done before the portal runs: messages and assets built, the database brought up to date."""

import asyncio

import click

from portal.commands.group import addresses, database, main, step


@main.command()
def build() -> None:
    """Build the messages and assets of the pages. What is up to date is left."""
    from portal.kit import assets, catalogues

    catalogues.build()
    assets.install()
    assets.build()


@main.command()
def migrate() -> None:
    """Bring the database up to date. Run it as its owner, at any time; several at once take turns."""
    with database():
        asyncio.run(bring_up_to_date())
    click.echo("The database is up to date.")


@main.command("import-directory")
def import_directory() -> None:
    """Bring in regions, series and indicators. They are those of this version; tells what changed."""
    with database():
        asyncio.run(_import_directory())


@main.command()
@click.argument("name")
def makemigration(name: str) -> None:
    """Write a migration for what models say. It is called NAME."""
    asyncio.run(_makemigration(name))


async def bring_up_to_date() -> None:
    """The tables of the settings' database are those of this version."""
    from portal.app import MODELS
    from portal.kit import schema

    url, owner_url = addresses()
    await schema.bring_up_to_date(owner_url, url, MODELS, step)


async def _import_directory() -> None:
    from portal.app import MODELS
    from portal.directory.indicator import service as indicator
    from portal.directory.region import service as region
    from portal.kit import db, journal

    url, _ = addresses()
    async with db.connected(url, MODELS):
        for name, room in (("Regions and series", region), ("Indicators and directions", indicator)):
            report = await room.import_all(by=journal.PORTAL)
            click.echo(f"{name}: {report.added} added, {report.changed} changed, {report.unchanged} as they were.")


async def _makemigration(name: str) -> None:
    from tortoise.context import TortoiseContext
    from tortoise.migrations.autodetector import MigrationAutodetector

    from portal.app import MODELS
    from portal.kit import db

    config = db.config("postgres://nobody@localhost/nothing", MODELS)
    async with TortoiseContext() as context:
        await context.init(config=config, init_connections=False)
        assert context.apps is not None
        detector = MigrationAutodetector(context.apps, config["apps"])
        for writer in await detector.changes():
            writer.name = f"{writer.name[:4]}_{name}"
            click.echo(writer.write())
