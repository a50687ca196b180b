"""Called by scripts/check-qdpx: what two independent readers make of the projects in a folder. Exits with 1 when anything of
the notes, their codes or their texts did not arrive."""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

from importlib.resources import files
from qdpxlib.qdpxlib import QDPXFile
from xmlschema import XMLSchema

folder = Path(sys.argv[1])
NS = "{urn:QDA-XML:project:1.0}"
notes = json.loads((folder / "notes.json").read_text())["challenge"]["notes"]
wrong = []


def must(fine, what):
    print(("  ok    " if fine else "  WRONG ") + what)
    if not fine:
        wrong.append(what)


def kind(note):
    return {"saw": "I saw", "said": "They said", "wonder": "I wonder"}[note["kind"]]


def codes_of(note):
    return {kind(note), "Why do people stop at page four?"} | ({note["place"]} if note["place"] else set())


print("Project.xsd of 18 March 2019 (the copy that qualitative-coding carries), and what is inside")
schema = XMLSchema(files("qualitative_coding") / "refi_qda" / "schema.xsd")
for name in ["notes.qdpx", "media.qdpx", "none.qdpx"]:
    with zipfile.ZipFile(folder / name) as archive:
        must(archive.testzip() is None, f"{name}: the archive is whole")
        text = archive.read("project.qde").decode()
        errors = [str(e.reason) for e in schema.iter_errors(text)]
        must(not errors, f"{name}: valid {errors[:3]}")
        root = ET.fromstring(text)
        guids = [e.get("guid") for e in root.iter() if e.get("guid")]
        must(len(guids) == len(set(guids)), f"{name}: {len(guids)} ids, each once")
        refs = {e.get(k) for e in root.iter() for k in ("targetGUID", "originGUID", "creatingUser") if e.get(k)}
        must(refs <= set(guids), f"{name}: {len(refs)} references lead somewhere")
        for source in root.iter():
            path = source.get("plainTextPath") or source.get("path")
            if path:
                inside = path.replace("internal://", "sources/")
                must(inside in archive.namelist(), f"{name}: {inside}")
        if name == "notes.qdpx":
            for note in notes:
                lines = note["seen"].replace("\r\n", "\n")
                read = archive.read(f"sources/{note['id']}.txt").decode()
                end = root.find(f".//{NS}TextSource[@guid='{note['id']}']/{NS}PlainTextSelection").get("endPosition")
                must(read == lines and int(end) == len(read), f"{name}: the words of {note['id'][-4:]}, all selected")
            memos = sorted(e.text for e in root.findall(f".//{NS}Note/{NS}PlainTextContent"))
            must(memos == sorted(n["meaning"] for n in notes if n["meaning"]), f"{name}: {len(memos)} memos")

print("qdpxlib 0.1.4 (it reads ASCII, and splits what is selected into sentences)")
project = QDPXFile(str(folder / "notes.qdpx"), uncoded_word_count_threshold=20)
expected = {"Kind", "Challenge", "Where"} | {"I saw", "They said", "I wonder"}
expected |= {"Why do people stop at page four?"} | {n["place"] for n in notes if n["place"]}
must(set(project.codes.values()) == expected, f"{len(project.codes)} codes")
for note in [n for n in notes if n["seen"].isascii()]:
    mine = [c for c in project.codings if c[0] == note["id"]]
    must(bool(mine) and all(set(c[4]) == codes_of(note) for c in mine), f"codes of {note['id'][-4:]}")
    must(all(c[1] in note["seen"].replace("\r\n", "\n") for c in mine), f"words of {note['id'][-4:]}")
    said = [s for s in note["seen"].replace("\r\n", " ").split(".") if len(s.strip()) >= 10]
    must(len(mine) >= min(1, len(said)), f"{len(mine)} sentences of {note['id'][-4:]}")

print("qualitative-coding 1.7.8: qc init --import (its reader has a breakpoint left in it, which is switched off)")
with tempfile.TemporaryDirectory() as there:
    qc = Path(sys.executable).parent / "qc"
    run = subprocess.run([qc, "init", "--import", folder.resolve() / "notes.qdpx"], cwd=there, text=True, capture_output=True)
    must(run.returncode == 0, f"imported {(run.stdout + run.stderr)[-600:] if run.returncode else ''}")
    inside = [p for p in Path(there).rglob("*") if p.is_file()]
    base = next((p for p in inside if p.suffix in (".sqlite3", ".sqlite", ".db")), None)
    if os.environ.get("SHOW"):
        print(*inside, sep="\n")
        print(run.stdout, run.stderr)
        for (table,) in sqlite3.connect(base).execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall():
            print(table, sqlite3.connect(base).execute(f"SELECT * FROM {table}").fetchall()[:9])
    db = sqlite3.connect(base)
    documents = [r[0] for r in db.execute("SELECT file_path FROM document")]
    must(len(documents) == len(notes), f"{len(documents)} documents")
    codes = {r[0] for r in db.execute("SELECT name FROM code")}
    must(expected <= codes, f"{len(codes)} codes")
    coders = {r[0] for r in db.execute("SELECT name FROM coder")}
    must({n["author"] for n in notes} <= coders, f"coders {sorted(coders)}")
    texts = {p.read_text() for p in Path(there).rglob("*.txt")}
    must({n["seen"].replace("\r\n", "\n") for n in notes} <= {t.rstrip("\n") for t in texts}, "all words, in every script")
    for note in notes:
        name = f"%{note['id'].replace('-', '')[20:]}%"
        read = {
            r[0]
            for r in db.execute(
                """SELECT l.code_id FROM coded_line l JOIN coded_line_location_association a ON a.coded_line_id = l.id
                   JOIN location o ON o.id = a.location_id JOIN document_index x ON x.id = o.document_index_id
                   WHERE x.document_id LIKE ?""",
                [name],
            )
        }
        must(read == codes_of(note), f"codes of {note['id'][-4:]}: {sorted(read)}")

print("all intact" if not wrong else f"{len(wrong)} wrong")
sys.exit(1 if wrong else 0)
