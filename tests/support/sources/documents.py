"""Documents as a word processor writes them, and as a stranger might."""

from __future__ import annotations

import io
import zipfile
from typing import Any

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="png" ContentType="image/png"/>'
    f'<Override PartName="/word/document.xml" ContentType="{WORD}.main+xml"/></Types>'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
RELATIONS = (
    f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" '
    f'Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>'
)
OF_DOCUMENT = (
    f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}">'
    f'<Relationship Id="link" Type="{_RELATIONS}/hyperlink" Target="https://example.org/1" TargetMode="External"/>'
    f'<Relationship Id="inside" Type="{_RELATIONS}/image" Target="media/image1.png"/>'
    f'<Relationship Id="outside" Type="{_RELATIONS}/image" Target="file:///etc/hostname" TargetMode="External"/>'
    "</Relationships>"
)
BOLD = "<w:rPr><w:b/></w:rPr>"


def paragraph(words: str, look: str = "", style: str = "") -> str:
    """Return a paragraph's XML."""
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{styled}<w:r>{look}<w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


def link(words: str) -> str:
    """Return a paragraph's XML whose words lead to example.org."""
    return f'<w:p><w:hyperlink r:id="link"><w:r><w:t>{words}</w:t></w:r></w:hyperlink></w:p>'


def picture(relation: str, how: str = "embed") -> str:
    """Return a paragraph's XML that shows the picture of a relation."""
    return (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing"><wp:docPr id="1" name="x" descr="Мост"/><a:graphic xmlns:a="http://schemas.'
        'openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats'
        f'.org/drawingml/2006/picture"><pic:blipFill><a:blip r:{how}="{relation}"/></pic:blipFill></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def docx(body: str, *, before: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    """Return a document; `before` stands above its root, `more` are further parts."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", TYPES)
        parts.writestr("_rels/.rels", RELATIONS)
        parts.writestr("word/_rels/document.xml.rels", OF_DOCUMENT)
        parts.writestr(
            "word/document.xml",
            f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document xmlns:w="{NAMESPACE}" '
            f'xmlns:r="{_RELATIONS}"><w:body>{body}</w:body></w:document>',
        )
        for name, content in (more or {}).items():
            parts.writestr(name, content)
    return kept.getvalue()


def file(name: str, content: bytes, mime: str = "") -> dict[str, Any]:
    """Return a file as the sandbox sends it."""
    return {"name": name, "mime": mime, "content": content}
