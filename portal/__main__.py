"""The command line: `portal demo`, `serve`, `worker`, `migrate`, `build` and the rest."""

from portal.commands import demonstrating, pacing, preparing, ranking, running  # noqa: F401  (each adds its commands)
from portal.commands.group import main

if __name__ == "__main__":
    main(prog_name="portal")
