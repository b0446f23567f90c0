"""The way of one question through the agreement, as its people go it in their browsers: chapter by chapter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from playwright.sync_api import expect

from tests.browser.stage import Answers, Stage
from web.setup import FOLDERS

BEGIN = "2026-01-12 08:00"
TITLE = "Hjälpmedel vid tillfällig vistelse i en annan kommun"
QUESTION: Answers = {
    "Rubrik": TITLE,
    "Vad frågar du om, eller vad föreslår du?": "Vi föreslår en rutin för vem som förskriver, levererar och betalar.",
    "Vilka berörs?": "Personer med hjälpmedel som vistas i annan kommun, förskrivare och hjälpmedelsverksamheten.",
    "Vad bygger frågan på?": "Hälso- och sjukvårdslagen och länets riktlinjer för hjälpmedel.",
    "Vilken huvudman företräder du?": "Vilhelmina kommun",
    "Din funktion": "Socialchef",
    "Har frågan gått genom er egen linje?": "Ja, ansvarig chef eller nämnd har ställt sig bakom att den lyfts",
    "När och av vem behandlades den i linjen?": "Socialnämndens arbetsutskott den 9 december.",
    "Vilka huvudmän berörs?": ["Alla huvudmän i länet"],
    "Behöver frågan hanteras på samma sätt i hela länet?": "Ja",
    "Område": "Hjälpmedel",
    "Målgrupp": "Alla åldrar",
    "När behöver du svar?": "2026-09-01",
}
RECEIVED: Answers = {"Ert diarienummer": "SN 2026-118", "Vilket organ hos er beslutar?": "Socialnämnden"}
YES: Answers = {"Ert beslut": "Ja", "Beslutsdatum": "2026-05-19", "Paragraf": "§ 42"}
DECISIONS: dict[str, Answers | None] = {
    "umea": {**YES, "Ert beslut": "Ja, med ändringar", "Vilka ändringar?": "Rutinen börjar gälla den 1 januari nästa år."},
    "norsjo": {**YES, "Ert beslut": "Nej", "Varför inte?": "Kommunen har redan en rutin som fungerar."},
    "bjurholm": None,  # does not answer
}


@dataclass
class Walk:
    """The numbers that the registration gave: of the question, of the meetings."""

    stage: Stage
    question: str = ""
    lsg: str = ""
    samrad: str = ""


def offices(office: str) -> Iterator[tuple[str, str, str]]:
    """Who holds an office in each party: slug, its name, username; the coordinator where nobody does (Dorotea's registrar)."""
    people = yaml.safe_load(FOLDERS.people.read_text("utf-8"))["people"]
    for party in yaml.safe_load(FOLDERS.register.read_text("utf-8"))["parties"]:
        holders = [one["username"] for one in people[party["slug"]] if office in one["seats"]]
        yield party["slug"], party["name"], (holders or ["karin.lindmark"])[0]


def raise_and_complete(walk: Walk) -> None:
    """Anna raises the question, is asked for more, and gives it."""
    stage = walk.stage
    anna, karin = stage.visitor("anna.sjolund"), stage.visitor("karin.lindmark")
    walk.question = anna.begin("Lyft en fråga", QUESTION)
    expect(anna.page.get_by_role("main")).to_contain_text("Registrera och granska underlaget")

    stage.wait_until("2026-01-13 09:00")
    back: Answers = {
        "Hur bedömer du underlaget?": "Frågeställaren behöver komplettera",
        "Vad behöver kompletteras?": "Beskriv hur många personer det gäller och hur kostnaden fördelas i dag.",
        "När behövs kompletteringen?": "2026-01-27",
    }
    karin.do("Registrera och granska underlaget", walk.question, back)

    stage.wait_until("2026-01-16 08:30")
    page = anna.open_task("Komplettera underlaget", walk.question)
    expect(page.get_by_role("main")).to_contain_text("Beskriv hur många personer det gäller")
    expect(page.get_by_label("Rubrik")).to_have_value(TITLE)
    anna.do(
        "Komplettera underlaget", walk.question,
        {"Vad bygger frågan på?": "Riktlinjerna för hjälpmedel. Ungefär 140 personer om året, hemkommunen betalar.",
         "Vad har du ändrat eller lagt till?": "Antal personer och hur kostnaden fördelas i dag."},
    )  # fmt: skip


def settle_level_and_prepare(walk: Walk) -> None:
    """The coordinator confirms what the tables propose; LSG:s AU prepares and sets the priority."""
    stage = walk.stage
    karin, johan = stage.visitor("karin.lindmark"), stage.visitor("johan.kallmark")
    stage.wait_until("2026-01-17 09:00")
    karin.do("Registrera och granska underlaget", walk.question, {"Hur bedömer du underlaget?": "Underlaget räcker"})
    page = karin.open_task("Bekräfta nivå och organ", walk.question)
    expect(page.get_by_label("Regional: rör flera huvudmän")).to_be_checked()
    expect(page.get_by_label("Vilket organ ligger frågan närmast?").locator("option:checked")).to_have_text("Hjälpmedelsrådet")
    karin.complete("Bekräfta nivå och organ")

    stage.wait_until("2026-01-22 13:00")
    johan.do(
        "Bereda och prioritera inför LSG", walk.question,
        {"Hur angelägen är frågan?": "Hög: tas upp på nästa möte",
         "Sammanfattning och bedömning": "Frågan återkommer i flera kommuner. En gemensam rutin kräver beslut hos alla huvudmän.",
         "Arbetsutskottets förslag": "Går vidare till Samrådet"},
    )  # fmt: skip
    cases = karin.open("/cases").get_by_role("row").filter(has_text=walk.question)
    expect(cases).to_contain_text("Invänta LSG:s möte")


def meet_in_lsg(walk: Walk) -> None:
    """LSG meets; Gunilla Risvall stands in for Storuman's member, and approves the minutes with the chair."""
    stage = walk.stage
    karin, helena, maja = (stage.visitor(one) for one in ("karin.lindmark", "helena.norrby", "maja.forsgard"))
    stage.wait_until("2026-01-26 09:00")
    walk.lsg = karin.begin(
        "Planera ett möte",
        {"Vilket organ möts?": "Länssamverkansgruppen (LSG)", "Hur har mötet kommit till?": "Enligt årets mötesplan",
         "Mötesdag": "2026-02-16", "Klockan": "09:00", "Plats eller länk": "Digitalt"},
    )  # fmt: skip
    stage.wait_until("2026-02-02 10:00")
    agenda: Answers = {"Ärenden på mötet": [TITLE], "Andra punkter på dagordningen": "Information från beredningarna"}
    helena.do("Fastställa dagordningen", walk.lsg, agenda)
    stage.wait_until("2026-02-16 09:00")
    page = maja.open_task("Notera närvaro", walk.lsg)
    present = page.get_by_role("group", name="Vilka är närvarande?")
    expect(present).to_contain_text("Gunilla Risvall")
    expect(present).to_contain_text("ersätter Per Holmstig")
    maja.do(
        "Notera närvaro", walk.lsg,
        {"Vilka är närvarande?": ["Helena Norrby", "Johan Källmark", "Anna Sjölund", "Gunilla Risvall", "Bodil Flurmark"],
         "Adjungerade och andra deltagare": "Hjälpmedelsrådets ordförande, adjungerad",
         "Kan mötet hållas?": "Ja, tillräckligt många är närvarande",
         "Vem justerar protokollet": "Gunilla Risvall"},
    )  # fmt: skip
    helena.do(
        "Behandla ärendet i LSG", walk.lsg,
        {"Vad blev utfallet?": "Går vidare till Samrådet",
         "Vad kom gruppen fram till?": "Gruppen föreslår att Samrådet rekommenderar en gemensam rutin."},
    )  # fmt: skip
    stage.wait_until("2026-02-18 09:00")
    maja.do("Skriva protokollet", walk.lsg, {"Protokoll": "§ 1 Dagordningen fastställdes.\n§ 2 Hjälpmedel förbereds för Samrådet."})
    helena.do("Justera som ordförande", walk.lsg, {"Godkänner du protokollet som ordförande?": "Ja, jag justerar protokollet"})
    with stage.passing("gunilla.risvall") as gunilla:
        gunilla.do("Justera som justerare", walk.lsg, {"Godkänner du protokollet som justerare?": "Ja, jag justerar protokollet"})


def meet_in_samradet(walk: Walk) -> None:
    """Samrådets AU prepares; Samrådet recommends all sixteen to follow."""
    stage = walk.stage
    karin, birgitta, olle = (stage.visitor(one) for one in ("karin.lindmark", "birgitta.hedlund", "olle.tjarnberg"))
    stage.wait_until("2026-02-23 09:00")
    birgitta.do(
        "Bereda inför Samrådet", walk.question,
        {"Sammanfattning för Samrådet": "Kostnaden är liten, nyttan för den enskilde stor.",
         "Arbetsutskottets förslag": "Rekommendera huvudmännen",
         "Förslag till rekommendation": "Samrådet rekommenderar huvudmännen att anta rutinen."},
    )  # fmt: skip
    walk.samrad = karin.begin(
        "Planera ett möte",
        {"Vilket organ möts?": "Samråd för vård och omsorg", "Hur har mötet kommit till?": "Enligt årets mötesplan",
         "Mötesdag": "2026-03-23", "Klockan": "10:00", "Plats eller länk": "Regionens hus, Umeå",
         "Sista dag för ärenden": "2026-03-06"},
    )  # fmt: skip
    stage.wait_until("2026-03-09 13:00")
    with stage.passing("mats.ronnvall") as mats:
        mats.do("Fastställa dagordningen", walk.samrad, {"Ärenden på mötet": [TITLE]})
    stage.wait_until("2026-03-23 10:00")
    olle.do(
        "Notera närvaro", walk.samrad,
        {"Vilka är närvarande?": ["Birgitta Hedlund", "Mats Rönnvall", "Åke Lövnäs", "Gudrun Holmsunda", "Ewa Tallmark"],
         "Kan mötet hållas?": "Ja, tillräckligt många är närvarande",
         "Vem justerar protokollet": "Åke Lövnäs"},
    )  # fmt: skip
    birgitta.open_task("Behandla ärendet i Samrådet", walk.samrad)
    birgitta.do(
        "Behandla ärendet i Samrådet", walk.samrad,
        {"Vad blev utfallet?": "Samrådet rekommenderar huvudmännen",
         "Vad kom Samrådet fram till?": "Samrådet ställer sig bakom en gemensam rutin i länet.",
         "Rekommendation till huvudmännen": "Samrådet rekommenderar huvudmännen att anta rutinen från den 1 september.",
         "Vilka huvudmän ska besluta?": [name for _, name, _ in offices("namnd")],
         "Svar från huvudmännen senast": "2026-06-15"},
    )  # fmt: skip


def decide_in_the_lines(walk: Walk) -> None:
    """Each party's registrar takes it in, each board decides; Bjurholm's does not, and the coordinator closes its answer."""
    stage = walk.stage
    stage.wait_until("2026-03-26 09:00")
    for _, name, username in offices("registrator"):
        with stage.passing(username) as registrar:
            registrar.do("Ta emot och diarieföra", walk.question, RECEIVED)
            expect(registrar.page.get_by_role("main")).to_contain_text(f"Besluta och svara, {name}")
    stage.wait_until("2026-05-28 14:00")
    for slug, _, username in offices("namnd"):
        if (decision := DECISIONS.get(slug, YES)) is not None:
            with stage.passing(username) as board:
                board.do("Besluta och svara", walk.question, decision)
    stage.wait_until("2026-06-16 09:00")
    with stage.passing("erik.nyman") as erik:
        erik.do(
            "Hantera uteblivet svar", walk.question,
            {"Vad gör vi?": "Stäng som inget svar i tid",
             "Vad har ni kommit överens om?": "Nämnden hinner inte före sommaren. Vi går vidare utan svar."},
        )  # fmt: skip


def answer_the_asker(walk: Walk) -> None:
    """The coordinator compiles the answers, Anna reads them."""
    stage = walk.stage
    stage.wait_until("2026-06-19 09:00")
    compiled = "Tretton följer rekommendationen, Umeå med senare start, Norsjö säger nej och Bjurholm har inte svarat."
    stage.visitor("karin.lindmark").do(
        "Sammanställa svaren", walk.question,
        {"Vad har huvudmännen svarat?": compiled,
         "Hur mycket av rekommendationen kommer att gälla?": "En del av huvudmännen följer den",
         "Vad händer nu?": "Rutinen gäller från den 1 september hos dem som sagt ja."},
    )  # fmt: skip
    stage.wait_until("2026-06-21 09:00")
    anna = stage.visitor("anna.sjolund")
    page = anna.open_task("Ta del av svaret", walk.question)
    expect(page.get_by_role("main")).to_contain_text(compiled)
    page = anna.do("Ta del av svaret", walk.question, {"Jag har tagit del av svaret": True})
    expect(page.get_by_role("main")).to_contain_text("Rekommenderat och besvarat")


CHAPTERS = (raise_and_complete, settle_level_and_prepare, meet_in_lsg, meet_in_samradet, decide_in_the_lines, answer_the_asker)
