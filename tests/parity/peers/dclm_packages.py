"""DCLM's modules one by one, out of a checkout on the path. To be imported before any of them.

Its packages import all of DCLM, models and tokenizers too, and its own scripts have `baselines` on the path, so that
`core` is baselines/core: here packages are folders alone, and what the rules compared do not ask is a name.
"""

import sys
from pathlib import Path
from types import ModuleType

PACKAGES = {
    "baselines": "",
    "baselines.core": "core",
    "core": "core",
    "baselines.mappers": "mappers",
    "baselines.mappers.enrichers": "mappers/enrichers",
    "baselines.mappers.filters": "mappers/filters",
}
NOT_ASKED = {
    "bs4": "BeautifulSoup",
    "justext": "justext",
    "lxml": "etree",
    "lxml.etree": "ParserError",
    "retrie": "retrie",
    "retrie.retrie": "Blacklist",
    "transformers": "AutoTokenizer",
}

checkout = next(Path(folder) for folder in sys.path if Path(folder, "baselines", "mappers").is_dir())
for name, inside in PACKAGES.items():
    package = sys.modules[name] = ModuleType(name)
    package.__path__ = [str(checkout / "baselines" / inside)]
for name, of_module in NOT_ASKED.items():
    module = sys.modules[name] = ModuleType(name)
    setattr(module, of_module, None)
