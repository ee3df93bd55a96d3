"""What the contracts of the house are tried with."""

from tests.house.world import client as client
from tests.house.world import world as world
