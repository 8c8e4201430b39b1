"""A mapping that cannot be changed, for models that promise not to change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_args

K = TypeVar("K")
V = TypeVar("V")

__all__ = ["FrozenMap"]


class FrozenMap(Mapping[K, V]):
    """An immutable, hashable mapping that pydantic validates and writes as a plain object."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Mapping[K, V] | None = None) -> None:
        self._entries: dict[K, V] = dict(entries or {})

    def __getitem__(self, key: K) -> V:
        return self._entries[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __hash__(self) -> int:
        return hash(frozenset(self._entries.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and dict(self._entries) == dict(other)

    def __repr__(self) -> str:
        return repr(self._entries)

    def __reduce__(self) -> tuple[Any, ...]:
        return (FrozenMap, (dict(self._entries),))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        key, value = get_args(source) or (Any, Any)
        inner = handler.generate_schema(dict.__class_getitem__((key, value)))
        return core_schema.no_info_wrap_validator_function(
            lambda entries, validate: cls(validate(dict(entries) if isinstance(entries, Mapping) else entries)),
            inner,
            serialization=core_schema.wrap_serializer_function_ser_schema(
                lambda entries, write: write(dict(entries)), schema=inner
            ),
        )
