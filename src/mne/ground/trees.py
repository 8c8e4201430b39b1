"""Text trees: YAML and JSON read without guessing a type, and plain data written as YAML.

Read `parse_yaml` first. Every name of the floor that has to do with trees is imported from here.
"""

from __future__ import annotations

from mne.ground.json_text import parse_json
from mne.ground.nodes import ListNode, MapNode, Mark, Plain, Scalar, Tree, locate, path_text, to_plain
from mne.ground.yaml_text import Bare, dump_yaml, parse_yaml

__all__ = [
    "Bare",
    "ListNode",
    "MapNode",
    "Mark",
    "Plain",
    "Scalar",
    "Tree",
    "dump_yaml",
    "locate",
    "parse_json",
    "parse_yaml",
    "path_text",
    "to_plain",
]
