"""What a wheel must hold besides Python: the built assets and the compiled messages, or it is not built."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class NeedsBuilt(BuildHookInterface[Any]):
    """Refuses a wheel whose pages would come without styles or in English only."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Nothing, if `portal build` has been run; otherwise the build ends here."""
        root = Path(self.root)
        needed = [root / "portal/static/dist/manifest.json"]
        needed += [po.with_suffix(".mo") for po in root.glob("locales/*/LC_MESSAGES/*.po")]
        missing = [str(file.relative_to(root)) for file in needed if not file.exists()]
        if missing and version != "editable":
            raise SystemExit(f"Run `python -m portal build` first: {', '.join(missing)} is not there.")
