"""A YAML file read into a frozen model, with faults that a person can mend."""

from __future__ import annotations

from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vigie.errors import FileError

Model = TypeVar("Model", bound=BaseModel)


class Words(BaseModel):
    """The same thing said in French and in English."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    fr: str = Field(min_length=1)
    en: str = Field(min_length=1)


# The C loader reads the evidence five times faster; it is not in every build of PyYAML.
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _OneOfEach(_Loader):
    """A loader that refuses a key given twice: of two lines for one thing, the second would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        keys = [key.value for key, _ in node.value]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise yaml.constructor.ConstructorError(None, None, f'"{twice}" is said twice', node.start_mark)
        return super().construct_mapping(node, deep=deep)


def parsed(model: type[Model], content: bytes, name: str) -> Model:
    """The file `name` as a `model`. Raises FileError with the first fault, where it is, and what would mend it."""
    try:
        return model.model_validate(yaml.load(content, _OneOfEach))
    except yaml.YAMLError as error:
        raise FileError(f"{name} is not YAML that can be read: {error}. Mend that line") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = " > ".join(map(str, first["loc"])) or "the whole file"
        raise FileError(f"{name}, {where}: {first['msg']}. Mend it, after the file that comes with Vigie") from error
