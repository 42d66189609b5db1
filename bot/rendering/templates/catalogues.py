"""The gettext catalogues: read at the start, extracted anew with `python -m bot.rendering.templates.catalogues`."""

from __future__ import annotations

import re
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bot.rendering.templates.shipped import shipped_templates
from bot.tongues import SOURCE, codes

DOMAIN = "vestnik"
_OPTIONS = {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}


def po_file(folder: Path, language: str) -> Path:
    """Return the path of a language's catalogue in a folder of templates, whether the file exists or not."""
    return folder / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def languages_in(folder: Path) -> tuple[str, ...]:
    """Return the languages that have a catalogue in the folder: the bot's in their order, the rest by code."""
    found = {path.parent.parent.name for path in folder.glob(f"locale/*/LC_MESSAGES/{DOMAIN}.po")}
    first = codes()
    return tuple(sorted(found, key=lambda code: (first.index(code) if code in first else len(first), code)))


def load(path: Path, language: str) -> Catalog:
    """Return the catalogue in a file.

    Raises ValueError, with `file:line: reason`, where it can't be read or a translation's placeholders
    are not those of its message.
    """
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, domain=DOMAIN, abort_invalid=True)
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None
    except Exception as error:  # whatever the reader trips over, it is the file that is wrong
        line = getattr(error, "lineno", None)
        raise ValueError(f"{path}:{line + 1 if line is not None else 1}: {error}") from None
    for message, errors in catalogue.check():
        raise ValueError(f"{path}:{message.lineno or 1}: {message.id!r}: {errors[0]}")
    return catalogue


def translations(catalogue: Catalog) -> GNUTranslations:
    """Return the catalogue compiled, in memory, for gettext to look texts up in; what it does not say, others may."""
    for message in list(filter(is_empty, catalogue)):
        catalogue.delete(message.id, message.context)
    file = BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    return GNUTranslations(file)


def extract(folder: Path) -> Catalog:
    """Return a catalogue of every text that the folder's templates mark for translation, untranslated."""
    found = Catalog(domain=DOMAIN, project="Vestnik", charset="utf-8")
    rows = extract_from_dir(
        folder, method_map=[("**.j2", "jinja2.ext:babel_extract")], options_map={"**.j2": _OPTIONS}
    )
    for file, _, message, comments, context in sorted(rows, key=lambda row: row[0]):
        found.add(message, locations=[(Path(file).as_posix(), 1)], auto_comments=comments, context=context)
    return found


def update(folder: Path) -> dict[str, list[str]]:
    """Bring every catalogue of the folder up to date; return the untranslated texts of each language.

    Texts that no template has any more are dropped. English, the templates' own language, translates itself.
    """
    wanted = extract(folder)
    missing: dict[str, list[str]] = {}
    for language in languages_in(folder):
        path = po_file(folder, language)
        catalogue = load(path, language)
        catalogue.update(wanted, no_fuzzy_matching=True, update_header_comment=False)
        catalogue.obsolete.clear()
        if language == SOURCE:
            for message in filter(is_empty, catalogue):
                message.string = message.id
        with path.open("wb") as file:
            write_po(file, catalogue, width=0, sort_output=True, omit_header=False, include_lineno=False)
        _steady_header(path)
        missing[language] = [str(message.id) for message in catalogue if message.id and is_empty(message)]
    return missing


def is_empty(message: Message) -> bool:
    """Return whether one of the message's plural forms lacks a translation. The header counts as translated."""
    if not message.id:
        return False
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return not all(forms)


def _steady_header(path: Path) -> None:
    """Take the dates out of the header, so that a file changes only where its words do."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(
        r'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By): .*\n', "", text, flags=re.MULTILINE
    )
    path.write_text(text, encoding="utf-8")


def main() -> None:
    """Update the shipped catalogues and print the texts that lack a translation."""
    for language, ids in update(shipped_templates()).items():
        print(f"{language}: {'complete' if not ids else 'to translate:'}")
        for message in ids:
            print(f"  {message}")


if __name__ == "__main__":
    main()
