#!/usr/bin/env python3
"""Draws graphs with real mermaid in headless Chromium, and reads their labels back.

    check.py BINARY CHROMIUM PLAN...

Draws the dependency graph, the milestones by due date and the coloured graph of each PLAN, and of generated plans with
hostile titles. Every graph must be drawn, and every title must appear in it unchanged.
"""

import html
import json
import random
import re
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

MADE_UP = 250
BATCH = 60
PIECES = [
    "end", "graph", "subgraph x", "-->", "A --> B", "[x]", '"quoted"', "(round)", "{brace}", "|bar|", "#35;", "&amp;",
    "<b>bold</b>", "<script>alert(1)</script>", "%%{init: {}}%%", "%% comment", ";", ":", ":::class", "click x", "`code`",
    "**bold**", "_under_", "\\", "\\n", "🚀", "日本語", "مرحبا", "ñ", "style x fill:#f00", "---", "~~~", "@{shape: cat}",
    "O1", "a,b", "50%", "$x^2$", "fa:fa-car", "1. list", "- dash", "href", "call", "default", "linkStyle", "class", "#",
]
PAGE = """<!doctype html><meta charset="utf-8"><body><script src="{mermaid}"></script><script>
const graphs = {graphs};
mermaid.initialize({{startOnLoad: false, securityLevel: "strict"}});
(async () => {{
  const results = [];
  for (const [at, graph] of graphs.entries()) {{
    try {{
      const {{svg}} = await mermaid.render("g" + at, graph.text);
      const place = document.createElement("div");
      place.innerHTML = svg;
      const labels = [...place.querySelectorAll(".nodeLabel, .cluster-label, .taskText, .taskTextOutsideRight, .taskTextOutsideLeft")];
      results.push({{labels: labels.map((it) => it.textContent), failed: svg.includes("Syntax error")}});
    }} catch (error) {{
      results.push({{labels: [], failed: String(error)}});
    }}
  }}
  document.body.textContent = "RESULTS" + JSON.stringify(results) + "END";
}})();
</script>"""


def run(binary, *arguments):
    return subprocess.run([binary, *arguments], capture_output=True, text=True, encoding="utf-8").stdout


def made_up(chance, folder, at):
    """A small plan whose titles are combined from hostile pieces."""
    def title():
        return " ".join(chance.choice(PIECES) for _ in range(chance.randint(1, 4)))

    lines = ["# Made up", "", "## Milestones", ""]
    for number in range(2):
        lines += [f"- `M{number}` {title()}", f"  - Target date: 2026-0{number + 3}-01"]
    lines += ["", "## Issues", ""]
    for number in range(4):
        before = f"I{number - 1}" if number else ""
        lines += [f"### `I{number}` {title()}", "", f"- Milestone: M{number % 2}", f"- Depends on: {before}", ""]
    path = folder / f"{at}.md"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def plain(text):
    """A text without spaces and invisible characters, because mermaid wraps lines."""
    return "".join(it for it in text if not it.isspace() and unicodedata.category(it) not in ("Cf", "Cc"))


def graphs_of(binary, path):
    plan = json.loads(run(binary, "show", "--format", "json", str(path)) or "{}")
    if not plan.get("plan"):
        return
    issues = [it["title"] for it in plan["issues"]]
    dated = [it["title"] for it in plan["milestones"] if it["due_on"]]
    if issues:
        yield {"name": f"{path} graph", "text": run(binary, "show", "--format", "mermaid", str(path)), "titles": issues}
    if dated:
        yield {"name": f"{path} gantt", "text": run(binary, "show", "--format", "gantt", str(path)), "titles": dated}
    preview = run(binary, "preview", "--format", "markdown", str(path))
    for text in re.findall(r"^```mermaid\n(.*?)^```$", preview, re.M | re.S):
        yield {"name": f"{path} preview", "text": text, "titles": []}


def draw(chromium, graphs, folder):
    mermaid = Path(__file__).parent / "node_modules/mermaid/dist/mermaid.min.js"
    page = folder / "page.html"
    data = json.dumps([{"text": graph["text"]} for graph in graphs]).replace("<", "\\u003c")
    page.write_text(PAGE.format(mermaid=mermaid.resolve().as_uri(), graphs=data), encoding="utf-8")
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
               f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=120000", "--dump-dom", page.as_uri()]
    found = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300).stdout
    results = re.search(r"RESULTS(.*)END", html.unescape(found), re.S)
    return json.loads(results.group(1)) if results else []


def main():
    binary, chromium, *plans = sys.argv[1:]
    chance = random.Random(7)
    wrong, drawn = [], 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        paths = [Path(plan) for plan in plans] + [made_up(chance, folder, at) for at in range(MADE_UP)]
        graphs = [graph for path in paths for graph in graphs_of(binary, path)]
        for start in range(0, len(graphs), BATCH):
            batch = graphs[start:start + BATCH]
            results = draw(chromium, batch, folder)
            if len(results) != len(batch):
                wrong.append(f"Chromium drew {len(results)} of {len(batch)} graphs")
                continue
            for graph, result in zip(batch, results):
                drawn += 1
                if result["failed"]:
                    wrong.append(f"{graph['name']}: {result['failed']}\n{graph['text']}")
                labels = {plain(label) for label in result["labels"]}
                missing = [title for title in graph["titles"] if plain(title) not in labels]
                if missing and not result["failed"]:
                    wrong.append(f"{graph['name']}: not drawn as they are: {missing}; drawn: {sorted(labels)}")
    print("\n".join(wrong[:20]))
    print(f"mermaid: {drawn} graphs drawn, {len(wrong)} wrong")
    sys.exit(1 if wrong or not drawn else 0)


if __name__ == "__main__":
    main()
