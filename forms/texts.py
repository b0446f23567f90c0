"""The package's own words in Swedish and English: what is wrong and what to do, and how values are written out."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

MONTHS: Final = {
    "sv": [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
DAYS: Final = {
    "sv": ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}

TEXTS: Final[dict[str, tuple[str, str]]] = {
    # errors; {label} is the field's label, {n} a number that is already written out
    "fill": ("Fyll i ”{label}”.", "Fill in “{label}”."),
    "choose": ("Välj ett alternativ under ”{label}”.", "Choose one option for “{label}”."),
    "choose_some": ("Välj minst ett alternativ under ”{label}”.", "Choose at least one option for “{label}”."),
    "tick": ("Kryssa i ”{label}” för att gå vidare.", "Tick “{label}” to go on."),
    "give_date": ("Ange ett datum under ”{label}”.", "Give a date for “{label}”."),
    "give_time": ("Ange ett klockslag under ”{label}”.", "Give a time for “{label}”."),
    "not_text": ("”{label}” ska vara text. Skriv om svaret.", "“{label}” must be text. Write the answer again."),
    "too_long": (
        "”{label}” får ha högst {n} tecken. Korta texten med minst {over} tecken.",
        "“{label}” can have at most {n} characters. Shorten the text by at least {over}.",
    ),
    "too_short": ("”{label}” ska ha minst {n} tecken. Skriv mer.", "“{label}” must have at least {n} characters. Write more."),
    "control": (
        "”{label}” innehåller ett osynligt tecken som inte kan sparas{near}. Ta bort det och skriv om ordet.",
        "“{label}” holds an invisible character that cannot be saved{near}. Delete it and write the word again.",
    ),
    "control_near": (" efter ”{text}”", " after “{text}”"),
    "pattern": (
        "”{label}” är inte skrivet på rätt sätt. Följ beskrivningen vid fältet.",
        "“{label}” is not written in the right way. Follow the description at the field.",
    ),
    "email": (
        "”{label}” ska vara en e-postadress, till exempel namn@kommun.se.",
        "“{label}” must be an e-mail address, for example name@kommun.se.",
    ),
    "phone": (
        "”{label}” ska vara ett telefonnummer, till exempel 0940-123 45.",
        "“{label}” must be a phone number, for example +46 940 123 45.",
    ),
    "number": (
        "”{label}” ska vara ett tal med siffror, till exempel 12 eller 12,5.",
        "“{label}” must be a number in digits, for example 12 or 12.5.",
    ),
    "whole_number": (
        "”{label}” ska vara ett heltal med siffror, till exempel 12.",
        "“{label}” must be a whole number in digits, for example 12.",
    ),
    "whole": ("”{label}” ska vara ett heltal, utan decimaler.", "“{label}” must be a whole number, without decimals."),
    "decimals": ("”{label}” får ha högst {n} decimaler.", "“{label}” can have at most {n} decimals."),
    "too_small": ("”{label}” ska vara minst {n}.", "“{label}” must be at least {n}."),
    "too_large": ("”{label}” får vara högst {n}.", "“{label}” can be at most {n}."),
    "date": (
        "”{label}” ska vara ett datum som finns, skrivet år-månad-dag, till exempel 2026-01-12.",
        "“{label}” must be a real date, written year-month-day, for example 2026-01-12.",
    ),
    "time": ("”{label}” ska vara ett klockslag, till exempel 09:30.", "“{label}” must be a time of day, for example 09:30."),
    "datetime": (
        "”{label}” ska vara ett datum och ett klockslag, till exempel 2026-01-12 09:30.",
        "“{label}” must be a date and a time, for example 2026-01-12 09:30.",
    ),
    "passed": ("”{label}” får inte vara en dag som har passerat.", "“{label}” cannot be a day that has passed."),
    "not_offered": (
        "Svaret under ”{label}” finns inte bland alternativen. Välj på nytt.",
        "The answer to “{label}” is not among the options. Choose again.",
    ),
    "nothing_offered": (
        "Under ”{label}” finns det ännu inget att välja på. Kontakta en koordinator.",
        "There is nothing to choose from for “{label}” yet. Contact a coordinator.",
    ),
    "yes_or_no": ("”{label}” ska vara ikryssad eller inte. Välj på nytt.", "“{label}” must be ticked or not. Choose again."),
    "one_only": ("”{label}” tar bara ett svar. Ange det på nytt.", "“{label}” takes one answer only. Give it again."),
    "unexpected": (
        "Svaret innehöll uppgifter som inte hör till formuläret. Ladda om sidan och försök igen.",
        "The answer held something that is not part of the form. Reload the page and try again.",
    ),
    "too_much": (
        "Svaret är sammanlagt för långt. Korta texterna, eller bifoga det längsta som en handling.",
        "The answer is too long altogether. Shorten the texts, or attach the longest as a document.",
    ),
    # words beside the fields
    "required": ("obligatoriskt", "required"),
    "at_most": ("Högst {n} tecken.", "At most {n} characters."),
    "several": ("Du kan välja flera.", "You can choose several."),
    "first_choice": ("Välj i listan", "Choose from the list"),
    "none_offered": ("Det finns inget att välja på ännu.", "There is nothing to choose from yet."),
    "error": ("Fel:", "Error:"),
    "all": ("Välj alla", "Choose all"),
    "none": ("Välj inga", "Choose none"),
    "empty": ("Inget svar", "No answer"),
    "yes": ("Ja", "Yes"),
    "no": ("Nej", "No"),
    "if_answer": (
        "Gäller bara om du har svarat ”{value}” på ”{label}”.",
        "Only applies if you answered “{value}” to “{label}”.",
    ),
    "unless_answer": (
        "Gäller inte om du har svarat ”{value}” på ”{label}”.",
        "Does not apply if you answered “{value}” to “{label}”.",
    ),
    "sometimes": ("Gäller bara vid vissa svar på de andra frågorna.", "Only applies to some answers to the other questions."),
}


def say(name: str, locale: str, **parts: str) -> str:
    """One of `TEXTS`. Every locale but `en` is answered in Swedish."""
    return TEXTS[name][1 if locale == "en" else 0].format(**parts)


def number_text(number: float, locale: str) -> str:
    """1234.5 → `1 234,5` (no-break space) or `1,234.5`."""
    text = f"{number:,}" if isinstance(number, int) else f"{number:,.10f}".rstrip("0").rstrip(".")
    return text if locale == "en" else text.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",").replace("-", "\N{MINUS SIGN}")


def date_text(day: date, locale: str) -> str:
    """`måndag 12 januari 2026` or `Monday 12 January 2026`."""
    language = "en" if locale == "en" else "sv"
    return f"{DAYS[language][day.weekday()]} {day.day} {MONTHS[language][day.month - 1]} {day.year}"


def time_text(moment: time | datetime, locale: str) -> str:
    return f"{moment:%H:%M}" if locale == "en" else f"kl. {moment:%H.%M}"
