"""Every page of the site and every state that it can be in, and how to come there.

`pages` goes to each of them in each language and width; it fails when the site has a page that is not here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page
from sqlalchemy import func, select

from engine.clock import civil_date
from engine.runtime import Actor, NotAllowed
from engine.runtime.looking import act
from engine.store.tables import absence, appointment, definition, instance, involvement, notice, person, subscription, task
from tests.browser.demo import PASSWORD, Demo
from web.setup import FOLDERS

COORDINATOR, MEMBER, OWNER = "karin.lindmark", "anna.sjolund", "ulrika.stenvall"
BODIES, PARTIES = ("lsg", "lsg-au", "samradet", "regionledningsmotet"), ("vilhelmina", "region-vasterbotten", "dorotea")
FORMS = sorted(path.stem for path in FOLDERS.forms.glob("*.form"))


@dataclass(frozen=True, slots=True)
class Way:
    """Where somebody goes: who (None: nobody has signed in) and the address on the site."""

    who: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Stop:
    """One page in one state.

    `endpoint`: the view that draws it. `status`: what the server answers before `then`, which does what brings the page to the
    state that is meant. `halted`: on the site of stopped scenarios, not on the demonstration.
    """

    name: str
    endpoint: str
    way: Callable[[Demo], Way]
    status: int = 200
    then: Callable[[Page], None] | None = None
    halted: bool = False

    def __str__(self) -> str:
        return self.name


def _to(path: str, who: str | None = COORDINATOR) -> Callable[[Demo], Way]:
    return lambda demo: Way(who, path)


# --- What pages are about ---------------------------------------------------------------------------------------------------


def _idle(demo: Demo) -> str:
    """Somebody without any appointment, so without roles, tasks and notices."""
    seated = select(appointment.c.person_id)
    found = demo.rows(select(person.c.username).where(person.c.id.not_in(seated), person.c.username != "admin"))
    return str(found[0][0]) if found else OWNER


def _told(demo: Demo) -> str:
    """Somebody with a notice to read."""
    recipients = [to for (to,) in demo.rows(select(notice.c.recipient).distinct())]
    return demo.holder([to for to in recipients if not to.startswith("person:")])


def _case(demo: Demo, *conditions: object, kind: str = "case") -> int:
    """The latest instance of a kind that meets `conditions`."""
    query = select(instance.c.id).where(instance.c.kind == kind, *conditions).order_by(instance.c.changed_at.desc())  # type: ignore[arg-type]
    return int(demo.rows(query.limit(1))[0][0])


def _with_decisions(demo: Demo, status: str) -> int:
    """The case that called most line decisions."""
    child = instance.alias()
    most = func.count(child.c.id)
    query = select(instance.c.id).join(child, child.c.parent_id == instance.c.id).where(instance.c.status == status)
    return int(demo.rows(query.group_by(instance.c.id).order_by(most.desc()).limit(1))[0][0])


def _way_to_case(*conditions: object, kind: str = "case") -> Callable[[Demo], Way]:
    area = "meetings" if kind == "meeting" else "cases"
    return lambda demo: Way(COORDINATOR, f"/{area}/{_case(demo, *conditions, kind=kind)}")


def _task_of(form: str, suffix: str = "") -> Callable[[Demo], Way]:
    def way(demo: Demo) -> Way:
        found = demo.open_tasks(form)[0]
        return Way(demo.asked(found), f"/tasks/{found.id}{suffix}")

    return way


def _closed_task(demo: Demo, suffix: str = "") -> Way:
    query = select(task.c.id, task.c.closed_by).where(task.c.status == "completed", task.c.form_id.is_not(None))
    found = demo.rows(query.order_by(task.c.id.desc()))[0]
    return Way(demo.username(found.closed_by), f"/tasks/{found.id}{suffix}")


def _foreign_task(demo: Demo) -> Way:
    return Way(_idle(demo), f"/tasks/{demo.open_tasks('arende-granskning')[0].id}")


def _taken_task(demo: Demo) -> Way:
    """A task that one coordinator has taken, for another one."""
    found = demo.open_tasks("arende-granskning")[-1]
    first, second = (demo.house.register.person(name) for name in ("erik.nyman", COORDINATOR))
    if found.assignee_id is None:
        demo.house.runtime.claim(found.id, actor=Actor(first.id, first.name))
    return Way(demo.username(second.id), f"/tasks/{found.id}")


def _foreign_case(demo: Demo) -> Way:
    """A case that the person has nothing to do with."""
    member = demo.house.register.person(MEMBER)
    today = civil_date(demo.house.clock.now())
    theirs = demo.house.register.subjects_of(member.id, today)
    seen = select(involvement.c.root_id).where(involvement.c.subject.in_(sorted(theirs)))
    found = demo.rows(select(instance.c.id).where(instance.c.parent_id.is_(None), instance.c.id.not_in(seen)))
    return Way(MEMBER, f"/cases/{found[0][0]}") if found else Way(_idle(demo), f"/cases/{_case(demo)}")


def _act(kind: str) -> Callable[[Demo], Way]:
    """An act by hand that somebody may do to a case or a meeting."""

    def way(demo: Demo) -> Way:
        query = (
            select(subscription.c.id, subscription.c.element_id, instance.c.definition_id, instance.c.started_by)
            .join(instance, instance.c.id == subscription.c.instance_id)
            .where(instance.c.kind == kind, instance.c.status == "running")
            .order_by(subscription.c.id)
        )
        for row in demo.rows(query):
            element = demo.house.runtime.definitions.process(row.definition_id).elements[row.element_id]
            if "action" in element.properties:
                for who in (demo.username(row.started_by), "helena.norrby", "birgitta.hedlund", "bodil.flurmark"):
                    if _may_act(demo, who, row.id):
                        return Way(who, f"/actions/{row.id}")
        raise LookupError(f"nothing can be done by hand to any {kind}")

    return way


def _may_act(demo: Demo, who: str, subscription_id: int) -> bool:
    someone = demo.house.register.person(who)
    try:
        act(demo.house.runtime, subscription_id, actor=Actor(someone.id, someone.name))
    except NotAllowed:
        return False
    return True


def _act_of_somebody_else(demo: Demo) -> Way:
    return Way(_idle(demo), _act("case")(demo).path)


def _started(demo: Demo) -> Way:
    row = demo.rows(select(instance.c.id, instance.c.started_by).where(instance.c.kind == "case").order_by(instance.c.id.desc()))[0]
    return Way(demo.username(row.started_by), f"/started/{row.id}")


def _own_case(demo: Demo) -> Way:
    """A case that the person has started, for that person."""
    found = _started(demo)
    return Way(found.who, found.path.replace("/started/", "/cases/"))


def _process(demo: Demo, key: str) -> Way:
    newest = demo.rows(select(func.max(definition.c.version)).where(definition.c.kind == "process", definition.c.key == key))[0][0]
    return Way(OWNER, f"/processes/{key}/{newest}")


def _person_away(demo: Demo) -> Way:
    today = civil_date(demo.house.clock.now())
    found = demo.rows(select(absence.c.person_id).where(absence.c.starts <= today, absence.c.ends >= today))
    return Way(COORDINATOR, f"/register/people/{found[0][0]}")


def _oneself(demo: Demo) -> Way:
    return Way(MEMBER, f"/register/people/{demo.house.register.person(MEMBER).id}")


def _older_history(demo: Demo) -> Way:
    return Way(COORDINATOR, f"/cases/{_with_decisions(demo, 'completed')}/history?before=1000000")


def _meeting(*, coming: bool) -> Callable[[Demo], Way]:
    def way(demo: Demo) -> Way:
        today = civil_date(demo.house.clock.now())
        day = instance.c.event_date >= today if coming else instance.c.event_date < today
        state = instance.c.status == ("running" if coming else "completed")
        return _way_to_case(day, state, kind="meeting")(demo)

    return way


# --- What people do there ---------------------------------------------------------------------------------------------------


def _fail_to_sign_in(page: Page) -> None:
    page.fill("#username", MEMBER)
    page.fill("#password", PASSWORD[::-1])
    page.keyboard.press("Enter")
    page.locator("#error-summary").wait_for()


def _send_nothing(page: Page) -> None:
    """Empty what must be filled in, and send: the page comes back with its errors."""
    page.locator("form.sv-form").evaluate(
        """form => { for (const each of form.querySelectorAll('input[name^="f-"], textarea[name^="f-"]')) {
             if (each.type === 'radio' || each.type === 'checkbox') each.checked = false; else each.value = ''; } }"""
    )
    page.locator("form.sv-form button[type=submit]").first.click()
    page.locator("#error-summary").wait_for()


def _leave_dates_out(page: Page) -> None:
    if page.locator("details.register-fold").count():
        page.locator("details.register-fold").evaluate("each => { each.open = true }")
    form = page.locator("form[action*='/absences']").last
    form.evaluate("each => { each.noValidate = true; each.querySelectorAll('input[type=date]').forEach(one => one.value = '') }")
    form.locator("button").click()
    page.locator("#error-summary").wait_for()


def _attach_and_ask_to_remove(page: Page) -> None:
    """Attach a document, then open the question whether it is to be removed."""
    if not page.locator("a[href*='/remove']").count():
        chooser = page.locator("input[type=file]")
        underlay = {"name": "underlag.txt", "mimeType": "text/plain", "buffer": "Underlag till mötet.".encode()}
        chooser.set_input_files(files=[underlay])  # type: ignore[list-item]
        page.locator("#documents button[value=attach], #documents button[type=submit]").first.click()
    page.locator("a[href*='/remove']").first.click()
    page.wait_for_url(re.compile("/documents/[0-9]+/remove"))


def _open_all(page: Page) -> None:
    """Every fold of the page open: what is in them is checked as well."""
    page.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true })")


def _draw(page: Page) -> None:
    """Scroll to the diagram and wait until it is drawn; every fold of the page open."""
    figure = page.locator("[data-diagram]")
    figure.scroll_into_view_if_needed()
    page.locator("[data-diagram][data-state]").wait_for()
    assert figure.get_attribute("data-state") == "drawn"
    _open_all(page)


# --- The list ---------------------------------------------------------------------------------------------------------------


OUTSIDE = [
    Stop("sign in", "auth.sign_in", _to("/sign-in", None)),
    Stop("sign in, one chosen", "auth.sign_in", _to("/sign-in?as=anna.sjolund", None)),
    Stop("sign in, failed", "auth.sign_in_now", _to("/sign-in", None), then=_fail_to_sign_in),
    Stop("help for anybody", "help.index", _to("/help/", None)),
    Stop("components", "components.index", _to("/_components/", None)),
    *(
        Stop(f"error {code}", "components.error", _to(f"/_components/error/{code}", None), status=code)
        for code in (403, 404, 409, 429, 500)
    ),
]
TASKS = [
    Stop("first page", "auth.home", _to("/", MEMBER)),
    Stop("my tasks", "tasks.index", _to("/tasks"), then=_open_all),
    Stop("my tasks, late ones", "tasks.index", _to("/tasks?show=late")),
    Stop("my tasks, searched", "tasks.index", _to("/tasks?q=underlaget")),
    Stop("my tasks, nothing found", "tasks.index", _to("/tasks?q=zebra")),
    Stop("my tasks, none", "tasks.index", lambda demo: Way(_idle(demo), "/tasks"), then=_open_all),
    Stop("my tasks, notices", "tasks.index", lambda demo: Way(_told(demo), "/tasks")),
    Stop("notices", "tasks.notices", lambda demo: Way(_told(demo), "/notices")),
    Stop("notices, none", "tasks.notices", lambda demo: Way(_idle(demo), "/notices")),
    Stop("task closed", "tasks.show", _closed_task, then=_open_all),
    Stop("task of others", "tasks.show", _foreign_task, status=403),
    Stop("task taken", "tasks.show", _taken_task, halted=True),
    Stop("task with errors", "tasks.do", _task_of("arende-granskning"), then=_send_nothing),
    Stop("task with errors, long", "tasks.do", _task_of("arende-komplettering"), then=_send_nothing),
    Stop("receipt", "tasks.receipt", lambda demo: _closed_task(demo, "/receipt")),
    Stop("start list", "tasks.start_list", _to("/start")),
    Stop("start list, nothing", "tasks.start_list", lambda demo: Way(_idle(demo), "/start")),
    Stop("question with errors", "tasks.begin", _to("/start/arendegang", MEMBER), then=_send_nothing),
    Stop("start not allowed", "tasks.start", lambda demo: Way(_idle(demo), "/start/arendegang"), status=403),
    Stop("started", "tasks.started", _started),
    Stop("act with errors", "tasks.carry_out", _act("case"), then=_send_nothing),
    Stop("act of others", "tasks.action", _act_of_somebody_else, status=403),
    Stop("act, gone", "tasks.action", _to("/actions/999999"), status=410),
]
_FORM_WAYS: dict[str, tuple[str, Callable[[Demo], Way]]] = {
    "arende-fraga": ("tasks.start", _to("/start/arendegang", MEMBER)),
    "mote-planera": ("tasks.start", _to("/start/mote")),
    "arende-aterkalla": ("tasks.action", _act("case")),
    "mote-stall-in": ("tasks.action", _act("meeting")),
}
# Nobody waits at these in the demonstration.
HALTED = (
    "arende-regionledningsmotet", "mote-behandla-lsg", "mote-behandla-samradet", "mote-dagordning", "mote-justering-ordforande",
    "mote-narvaro", "mote-protokoll", "arende-granskning",
)  # fmt: skip
FORM_STOPS = [
    Stop(
        f"form {form}",
        *_FORM_WAYS.get(form, ("tasks.show", _task_of(form))),
        then=_open_all,
        halted=form in HALTED and form != "arende-granskning",
    )
    for form in FORMS
]
CASES = [
    Stop("cases", "cases.index", _to("/cases/")),
    Stop("cases of a member", "cases.index", _to("/cases/", MEMBER)),
    *(Stop(f"cases, {state}", "cases.index", _to(f"/cases/?state={state}")) for state in ("overdue", "closed", "all")),
    Stop("cases, filtered and sorted", "cases.index", _to("/cases/?state=all&body=lsg&party=vilhelmina&sort=due")),
    Stop("cases, second page", "cases.index", _to("/cases/?state=all&page=2")),
    Stop("cases, nothing found", "cases.index", _to("/cases/?q=zebra")),
    Stop("case under way", "cases.show", lambda demo: Way(COORDINATOR, f"/cases/{_with_decisions(demo, 'running')}"), then=_draw),
    Stop("case that waits", "cases.show", _way_to_case(instance.c.status == "running", instance.c.body.is_(None)), then=_draw),
    Stop("case closed", "cases.show", lambda demo: Way(COORDINATOR, f"/cases/{_with_decisions(demo, 'completed')}"), then=_draw),
    Stop("case withdrawn", "cases.show", _way_to_case(instance.c.status != "running", instance.c.body.is_(None)), then=_draw),
    Stop("case of one's own", "cases.show", _own_case, then=_draw),
    Stop("line decision", "cases.show", _way_to_case(instance.c.status == "completed", kind="decision"), then=_draw),
    Stop("line decision under way", "cases.show", _way_to_case(instance.c.status == "running", kind="decision"), then=_draw),
    Stop("case, earlier", "cases.history", _older_history),
    Stop("case of others", "cases.show", _foreign_case, status=403),
    Stop("no such case", "cases.show", _to("/cases/999999"), status=404),
    Stop("document to remove", "documents.ask_to_remove", _task_of("mote-narvaro"), then=_attach_and_ask_to_remove, halted=True),
]
MEETINGS = [
    Stop("meetings", "meetings.index", _to("/meetings/")),
    Stop("meetings of a body", "meetings.index", _to("/meetings/?body=lsg&month=2026-02")),
    Stop("meetings of a member", "meetings.index", _to("/meetings/", MEMBER)),
    Stop("meetings, none", "meetings.index", lambda demo: Way(_idle(demo), "/meetings/?month=2031-01")),
    Stop("meeting held", "meetings.show", _meeting(coming=False), then=_open_all),
    Stop("meeting to come", "meetings.show", _meeting(coming=True), then=_open_all),
]
REGISTER = [
    Stop("register", "register.index", _to("/register/")),
    Stop("register, another day", "register.index", _to("/register/?on=2026-09-01")),
    *(Stop(f"body {slug}", "register.body", _to(f"/register/bodies/{slug}")) for slug in BODIES),
    *(Stop(f"party {slug}", "register.party", _to(f"/register/parties/{slug}")) for slug in PARTIES),
    Stop("person", "register.person_page", _oneself),
    Stop("person away", "register.person_page", _person_away),
    Stop("absence with errors", "register.register_absence", _oneself, then=_leave_dates_out),
    Stop("no such body", "register.body", _to("/register/bodies/nowhere"), status=404),
]
PROCESSES = [
    Stop("processes", "processes.index", _to("/processes/", OWNER)),
    *(
        Stop(f"process {key}", "processes.show", lambda demo, key=key: _process(demo, key), then=_draw)
        for key in ("arendegang", "linjebeslut", "mote")
    ),
    Stop("help", "help.index", _to("/help/")),
]
STOPS = [*OUTSIDE, *TASKS, *FORM_STOPS, *CASES, *MEETINGS, *REGISTER, *PROCESSES]
# What programs ask for, and links that lead to pages above.
FOR_PROGRAMS = ("/engine-rest", "/api/", "/.well-known/", "/cockpit")
# What is fetched and not looked at: files.
FILES = {"static", "cases.diagram", "processes.diagram", "processes.download", "documents.fetch"}
