"""Each app's states stand in its states.py, each table is tested state by state, and labels never steer a template."""

import ast
import re
from pathlib import Path

from portal.common.states import Lifecycle
from portal.embedded.home import CHECKOUT
from tests.architecture.sources import calls, modules
from tests.states.lifecycles import KINDS

STATE_NAMES = {state for kind in KINDS.values() for state in kind.table.states}


def test_every_lifecycle_stands_in_a_states_file_and_in_the_matrix() -> None:
    built = [
        path
        for path, tree in modules().items()
        for call in calls(tree)
        if isinstance(call.func, ast.Name) and call.func.id == "lifecycle"
    ]
    assert {path.name for path in built} == {"states.py"}
    assert len(built) == len(KINDS)
    assert all(isinstance(kind.table, Lifecycle) for kind in KINDS.values())


def test_states_that_templates_ask_for_exist() -> None:
    """A word in a template goes wrong silently when a state is renamed."""
    asked = re.compile(r"\.state\s*[!=]=\s*[\"'](\w+)[\"']")
    found = {
        (str(path.relative_to(CHECKOUT)), word)
        for path in Path(CHECKOUT / "templates").rglob("*.html")
        for word in asked.findall(path.read_text(encoding="utf-8"))
    }
    assert {(path, word) for path, word in found if word not in STATE_NAMES} == set()


def test_templates_show_states_by_their_component() -> None:
    """The enum knows label and tone; a template that translates states itself says it again, differently."""
    ladder = re.compile(r"{%\s*if[^%]*\.state\s*==[^%]*%}[^{<]*{%\s*trans\s[^%]*%}[^{<]*{%\s*elif[^%]*\.state\s*==")
    texts = {path: path.read_text(encoding="utf-8") for path in Path(CHECKOUT / "templates").rglob("*.html")}
    assert [str(path.relative_to(CHECKOUT)) for path, text in texts.items() if ladder.search(text)] == []
