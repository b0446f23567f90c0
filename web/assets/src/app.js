// What every page shares: htmx, and the little that HTML cannot do by itself. Every page works without this file.
import htmx from 'htmx.org';

window.htmx = htmx;

/** Put the focus on what a new piece of page wants read first: its error summary. */
function focusFirst(root) {
  const wanted = root.matches?.('[data-focus]') ? root : root.querySelector?.('[data-focus]');
  if (wanted) wanted.focus();
}

/** A second press of the same button must not send the form again while the first is under way. */
function sendOnce(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method.toLowerCase() !== 'post') return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = 'yes';
  form.setAttribute('aria-busy', 'true');
}

/** Coming back by the browser's back button, forms may be sent again. */
function forgetSent() {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent;
    form.removeAttribute('aria-busy');
  }
}

/** The account menu closes on Escape and when the focus or a press goes elsewhere. */
function closeMenus(event) {
  for (const menu of document.querySelectorAll('.sv-account[open]')) {
    if (event.type === 'keydown' && event.key === 'Escape') {
      menu.open = false;
      menu.querySelector('summary').focus();
    } else if (event.type !== 'keydown' && !menu.contains(event.target)) {
      menu.open = false;
    }
  }
}

/** On a narrow screen a form in the page's way is folded: `<details data-open-wide>` stands open where there is room. */
function openWhereWide() {
  const wide = window.matchMedia('(min-width: 60rem)').matches;
  for (const details of document.querySelectorAll('details[data-open-wide]')) if (wide) details.open = true;
}

document.addEventListener('submit', sendOnce);
window.addEventListener('pageshow', forgetSent);
for (const type of ['keydown', 'click', 'focusin']) document.addEventListener(type, closeMenus);
document.addEventListener('htmx:afterSwap', (event) => focusFirst(event.detail.target));
document.addEventListener('htmx:afterRequest', forgetSent);

openWhereWide();
focusFirst(document);
