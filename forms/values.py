"""marshmallow fields that read what a browser posts, or what a program hands in, into plain JSON values.

Each reads its own result again to the same value, so that a stored answer can be checked or submitted anew.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, Final

from marshmallow import ValidationError, fields, missing

from forms.model import Feel, Field, Option
from forms.texts import number_text, say

LONGEST_LINE: Final = 1_000
LONGEST_TEXT: Final = 20_000
LARGEST_NUMBER: Final = 1e15
YEARS: Final = range(1900, 2200)

_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}([.,][0-9]{1,12})?")
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f](?=\d{3}(?!\d))")
_EMAIL = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\".]+(\.[^\s@,;<>\".]+)+")
_PHONE = re.compile(r"\+?[0-9(][0-9 ()/–-]{4,24}")


class _Answer(fields.Field[Any], ABC):
    """What the fields share: the question that is answered, the reader's language, and emptiness."""

    missing_text = "fill"

    def __init__(self, question: Field, locale: str, feel: Feel) -> None:
        super().__init__(data_key=question.key, attribute=question.key)
        self.question = question
        self.locale = locale
        self.feel = feel

    def fault(self, name: str, **parts: str) -> ValidationError:
        return ValidationError(say(name, self.locale, label=self.question.words.text(self.locale), **parts))

    def too_long(self, text: str, longest: int) -> ValidationError:
        return self.fault("too_long", n=number_text(longest, self.locale), over=number_text(len(text) - longest, self.locale))

    def deserialize(self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any) -> Any:
        # marshmallow's own messages for missing and null know neither the label nor what kind of answer is wanted.
        read = self.read(None if value is missing else value)
        if self.question.required and read in (None, [], False):
            raise self.fault(self.missing_text)
        return read

    @abstractmethod
    def read(self, value: Any) -> Any:
        """The answer that a raw value gives, None when there is none.

        Raises:
            ValidationError: it is no answer to this question.
        """

    def single(self, value: Any) -> str | None:
        """The text of a value that is one line at most, without the space around it; None when it is empty or not given."""
        if value is None:
            return None
        if not isinstance(value, str | int | float):
            raise self.fault("one_only")
        text = str(value).strip()
        if len(text) > LONGEST_LINE:
            raise self.too_long(text, LONGEST_LINE)
        return text or None


class TextAnswer(_Answer):
    def read(self, value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.fault("one_only" if isinstance(value, list) else "not_text")
        self._refuse_controls(value)
        text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        if not self.question.long:
            text = " ".join(text.split())
        if not text:
            return None
        self._check_length(text)
        self._check_form(text)
        return text

    def _refuse_controls(self, text: str) -> None:
        for place, sign in enumerate(text):
            if (unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\r\t") or sign in _BIDI:
                before = " ".join(text[max(0, place - 20) : place].encode("utf-8", "ignore").decode().split())
                near = say("control_near", self.locale, text=before) if before else ""
                raise self.fault("control", near=near)

    def _check_length(self, text: str) -> None:
        limits = self.question.limits
        longest = limits.max_length or (LONGEST_TEXT if self.question.long else LONGEST_LINE)
        if len(text) > longest:
            raise self.too_long(text, longest)
        if limits.min_length and len(text) < limits.min_length:
            raise self.fault("too_short", n=number_text(limits.min_length, self.locale))

    def _check_form(self, text: str) -> None:
        limits = self.question.limits
        if limits.kind == "email" and not _EMAIL.fullmatch(text):
            raise self.fault("email")
        if limits.kind == "phone" and not _PHONE.fullmatch(text):
            raise self.fault("phone")
        # By FEEL, so that a pattern means what it means in the form editor, and one that never ends is stopped.
        if limits.pattern and not self._matches(text, limits.pattern):
            raise self.fault("pattern")

    def _matches(self, text: str, pattern: str) -> bool:
        try:
            return self.feel("matches(text, pattern)", {"text": text, "pattern": pattern}) is True
        except ValueError:
            return False  # it took too long: what cannot be checked is not accepted, and the reader is told so


class NumberAnswer(_Answer):
    def read(self, value: Any) -> int | float | None:
        if isinstance(value, bool):
            raise self._no_number()
        text = self.single(value)
        if text is None:
            return None
        if isinstance(value, int | float):
            if not abs(value) <= LARGEST_NUMBER:
                raise self._no_number()
            number: int | float = value
            decimals = len(f"{value:.12f}".rstrip("0").partition(".")[2])
        else:
            plain = _SPACES.sub("", text.replace("\N{MINUS SIGN}", "-"))
            if not _NUMBER.fullmatch(plain):
                raise self._no_number()
            whole, _, part = plain.replace(",", ".").partition(".")
            number = float(f"{whole}.{part}") if part.strip("0") else int(whole)
            decimals = len(part.rstrip("0"))
        return self._within(int(number) if isinstance(number, float) and number.is_integer() else number, decimals)

    def _no_number(self) -> ValidationError:
        return self.fault("whole_number" if self.question.limits.decimals == 0 else "number")

    def _within(self, number: int | float, decimals: int) -> int | float:
        limits = self.question.limits
        if abs(number) > LARGEST_NUMBER:
            raise self._no_number()
        if limits.decimals is not None and decimals > limits.decimals:
            raise self.fault("decimals", n=str(limits.decimals)) if limits.decimals else self.fault("whole")
        if limits.minimum is not None and number < limits.minimum:
            raise self.fault("too_small", n=number_text(limits.minimum, self.locale))
        if limits.maximum is not None and number > limits.maximum:
            raise self.fault("too_large", n=number_text(limits.maximum, self.locale))
        return number


class CheckboxAnswer(_Answer):
    missing_text = "tick"

    def read(self, value: Any) -> bool:
        if value in (True, "true", "on"):
            return True
        if value is None or value in (False, "", "false"):
            return False
        raise self.fault("yes_or_no")


class ChoiceAnswer(_Answer):
    def __init__(self, question: Field, locale: str, feel: Feel, options: tuple[Option, ...]) -> None:
        super().__init__(question, locale, feel)
        self.offered = {option.value for option in options}
        self.missing_text = ("choose_some" if question.many else "choose") if options else "nothing_offered"

    def read(self, value: Any) -> str | list[str] | None:
        if not self.question.many:
            chosen = self.single(value)
            if chosen is not None and (isinstance(value, bool | float) or chosen not in self.offered):
                raise self.fault("not_offered")
            return chosen
        if value is None or value == "":
            return []
        listed = value if isinstance(value, list) else [value]
        if len(listed) > max(1_000, len(self.offered)):
            raise self.fault("not_offered")
        texts = [str(item) if isinstance(item, str | int) and not isinstance(item, bool) else "" for item in listed]
        if not set(texts) <= self.offered:
            raise self.fault("not_offered")
        return list(dict.fromkeys(texts))


class MomentAnswer(_Answer):
    """Dates, times and both, civil, as ISO text."""

    def __init__(self, question: Field, locale: str, feel: Feel) -> None:
        super().__init__(question, locale, feel)
        self.missing_text = "give_time" if question.subtype == "time" else "give_date"

    def read(self, value: Any) -> str | None:
        text = self.single(None if isinstance(value, bool) else value)
        if text is None:
            if isinstance(value, bool):
                raise self.fault(str(self.question.subtype))
            return None
        result = READERS[str(self.question.subtype)](text)
        if result is None:
            raise self.fault(str(self.question.subtype))
        if self.question.limits.no_past and self.question.subtype != "time" and result[:10] < str(self.feel("string(today())", {})):
            raise self.fault("passed")
        return result


def _date(text: str) -> str | None:
    match = re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})", text, re.ASCII)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    try:
        # A year such as 0026 is what date fields post while somebody is still typing.
        return date(year, month, day).isoformat() if year in YEARS else None
    except ValueError:
        return None


def _time(text: str) -> str | None:
    match = re.fullmatch(r"(\d{1,2})[:.](\d{2})(?:[:.]00)?", text, re.ASCII)
    if match is None:
        return None
    try:
        return time(int(match[1]), int(match[2])).isoformat("minutes")
    except ValueError:
        return None


def _datetime(text: str) -> str | None:
    day, _, moment = text.replace(" ", "T", 1).partition("T")
    read = _date(day), _time(moment)
    return None if None in read else datetime.fromisoformat(f"{read[0]}T{read[1]}").isoformat(timespec="minutes")


READERS: Final[Mapping[str, Callable[[str], str | None]]] = {"date": _date, "time": _time, "datetime": _datetime}


def answer_field(question: Field, options: tuple[Option, ...], locale: str, feel: Feel) -> _Answer:
    """The marshmallow field for a question."""
    if question.chosen:
        return ChoiceAnswer(question, locale, feel, options)
    kinds: dict[str, type[_Answer]] = {"number": NumberAnswer, "checkbox": CheckboxAnswer, "datetime": MomentAnswer}
    return kinds.get(question.type, TextAnswer)(question, locale, feel)
