"""The command line: `portal demo`, `serve`, `worker`, `migrate`, `build` and the rest."""

from portal.commands import checking, demonstrating, pacing, preparing, ranking, running  # noqa: F401  (their commands)
from portal.commands.group import main

if __name__ == "__main__":
    main(prog_name="portal")
