"""Every command of the portal writes its log safely: the kind and place of a fault, never what it was holding."""

import json
import subprocess
import sys

FAILING = """
import click, structlog
from portal.commands.group import main

@main.command()
def failing():
    password = "a secret of the database"
    try:
        raise ValueError(f"refused {password}")
    except ValueError:
        structlog.get_logger().exception("it went wrong")

main(["failing"])
"""


def test_o5_log_of_any_command_holds_no_values() -> None:
    done = subprocess.run([sys.executable, "-c", FAILING], capture_output=True, text=True, check=True)
    told = json.loads(done.stderr)
    assert told["event"] == "it went wrong"
    assert "ValueError" in told["exception"]
    assert "a secret" not in done.stderr
    assert not done.stdout
