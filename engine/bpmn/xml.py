"""The one door through which XML enters: no document type, so no entities; no network; bounded size and depth.

Diagrams and decision tables come from people's modelers and from anyone who can reach the deployment page, so a file is
refused for what it could do to a parser before it is looked at for what it means.
"""

from __future__ import annotations

from xml.parsers import expat

from lxml import etree

from engine.bpmn.problems import DeploymentRefused, Problem

LARGEST = 5_000_000
"""Bytes of the largest file; the largest diagrams seen in use have some 300,000."""
DEEPEST = 100
"""Elements within each other; a diagram with ten nested subprocesses has some 15."""
_CHUNK = 4096


class _Doctype(Exception):
    pass


class _Root(Exception):
    pass


def parse_xml(content: bytes, file_name: str) -> etree._Element:
    """The root element of `content`. Comments and processing instructions are left out; `sourceline` counts from 1.

    Raises:
        DeploymentRefused: with one problem, naming the line where there is one: too large, empty, not well-formed, in an
            unknown encoding, with a document type, or nested too deeply.
    """
    if len(content) > LARGEST:
        raise _refused(
            file_name, f"The file has {len(content) / 1e6:.1f} MB; at most {LARGEST / 1e6:.0f} MB are read. Split the diagram."
        )
    if not content.strip():
        raise _refused(file_name, "The file is empty. Save the diagram again and deploy that file.")
    _check_prolog(content, file_name)
    try:
        root = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        raise _refused(file_name, _explained(error.msg or "unreadable"), error.position[0]) from error
    docinfo = root.getroottree().docinfo
    if docinfo.internalDTD is not None:
        raise _doctype(file_name, None)
    _check_depth(root, file_name)
    return root


def _parser() -> etree.XMLParser:
    # A parser holds state of the last document and must not be shared between threads; making one costs microseconds.
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )


def _check_prolog(content: bytes, file_name: str) -> None:
    """Refuse a document type before the parser that builds the tree sees it: its entities are never declared anywhere."""
    reader = expat.ParserCreate()
    reader.StartDoctypeDeclHandler = _stop_at_doctype
    reader.StartElementHandler = _stop_at_root
    try:
        for start in range(0, len(content), _CHUNK):
            reader.Parse(content[start : start + _CHUNK], False)
        reader.Parse(b"", True)
    except _Root:
        return
    except _Doctype as error:
        raise _doctype(file_name, reader.CurrentLineNumber) from error
    except expat.ExpatError as error:
        reason = _explained(expat.ErrorString(error.code) or "unreadable")
        raise _refused(file_name, reason, error.lineno) from error
    except (ValueError, LookupError) as error:  # an encoding that Python does not know, or of several bytes a letter
        raise _refused(file_name, "The file is in an encoding that is not read here. Save it as UTF-8.", 1) from error


def _stop_at_doctype(*_: object) -> None:
    raise _Doctype


def _stop_at_root(*_: object) -> None:
    raise _Root


def _check_depth(root: etree._Element, file_name: str) -> None:
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise _refused(file_name, _too_deep(), element.sourceline)


def _explained(message: str) -> str:
    lowered = message.lower()
    if "excessive depth" in lowered:
        return _too_deep()
    if "encoding" in lowered or "invalid bytes" in lowered:
        return f"The file's encoding is not what it says or not read here ({message}). Save it as UTF-8."
    return f"The file is not well-formed XML ({message}). Save it again from the modeler and deploy that file."


def _too_deep() -> str:
    return f"More than {DEEPEST} elements stand within each other here. Take the nested parts out into processes of their own."


def _doctype(file_name: str, line: int | None) -> DeploymentRefused:
    reason = "The file declares a document type (<!DOCTYPE …>), which diagrams have no use for and which is never read. Remove it."
    return _refused(file_name, reason, line)


def _refused(file_name: str, reason: str, line: int | None = None) -> DeploymentRefused:
    return DeploymentRefused([Problem(file_name, None, None, reason, line)])
