"""The portal runs: the server, the worker."""

import asyncio
import importlib
import os
import signal
import threading
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import click

from portal.commands.group import addresses, database, main
from portal.settings import settings

if TYPE_CHECKING:
    import socket


@main.command()
def serve() -> None:
    """Answer requests. A worker is kept beside it, unless PORTAL_WORKER is `apart`."""
    from portal.kit import serving

    with serving.ending_cleanly():
        listening = serving.reserve(settings().listen, settings().port)
        with listening, database():
            answer(listening)


@main.command()
@click.option("--tied", is_flag=True, hidden=True, help="End when standard input closes.")
def worker(*, tied: bool) -> None:
    """Do what waits. Letters, reminders, whatever pages leave for later."""
    with database():
        asyncio.run(_work(tied=tied))


def answer(listening: "socket.socket") -> None:
    """Requests that come to this socket are answered, with a worker beside, until the process is told to end."""
    from portal.app import served
    from portal.kit import serving

    url, _ = addresses()
    app = served(url)
    with _working():  # Begun only now, so that the two do not wait for each other's reading of the libraries.
        serving.serve(app, listening, trusted_proxies=settings().trusted_proxies)


def _working() -> AbstractContextManager[None]:
    """A worker beside this process during the block, where the settings want one."""
    from portal.kit import serving

    return serving.beside(["worker"]) if settings().worker == "inside" else nullcontext()


async def _work(*, tied: bool) -> None:
    from portal.app import JOBS, MODELS
    from portal.kit import db, jobs

    for module in [*JOBS, *(["portal.demo.keeping"] if settings().demo else [])]:
        importlib.import_module(module)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if tied:

        def wait_for_the_other() -> None:
            os.read(0, 1)  # Not sys.stdin: its lock would outlive the interpreter.
            loop.call_soon_threadsafe(stop.set)

        threading.Thread(target=wait_for_the_other, daemon=True).start()
    url, _ = addresses()
    async with db.connected(url, MODELS):
        await jobs.run(url, stop)
