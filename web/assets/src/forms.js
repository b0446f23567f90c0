// Forms of processes: shows and hides the fields that depend on other answers, and lets people tick a whole list at once.
// Without this file every such field stands open with its condition in words; the server checks everything either way.

/** The value of a field as FEEL sees it on the server. */
function valueOf(controls) {
  const [first] = controls;
  if (first.type === 'radio') return controls.find((control) => control.checked)?.value ?? null;
  if (first.type === 'checkbox') {
    if (!first.closest('.sv-choices')) return first.checked;
    return controls.filter((control) => control.checked).map((control) => control.value);
  }
  const text = first.value.trim();
  if (text === '') return null;
  if (first.inputMode !== 'decimal' && first.inputMode !== 'numeric') return text;
  const number = Number(text.replace(/\s/g, '').replace('\u2212', '-').replace(',', '.'));
  return Number.isFinite(number) ? number : null;
}

/** Every answer of a form by its key; those of hidden fields count as not given. */
function answers(fields) {
  const prefix = `${fields.dataset.fields}-`;
  const groups = new Map();
  for (const control of fields.querySelectorAll('input[name], select[name], textarea[name]')) {
    const key = control.name.slice(prefix.length);
    groups.set(key, [...(groups.get(key) ?? []), control]);
  }
  const context = JSON.parse(fields.dataset.beyond);
  for (const [key, controls] of groups) context[key] = controls[0].closest('[data-hidden]') ? null : valueOf(controls);
  return context;
}

/** Hiding one field may hide or show another, so this goes round until nothing changes (a ring of conditions stops it). */
function settle(fields, evaluate) {
  const parts = [...fields.querySelectorAll('[data-hide]')];
  for (let round = 0; round <= parts.length; round += 1) {
    const context = answers(fields);
    let changed = false;
    for (const part of parts) {
      const hide = JSON.parse(part.dataset.hide).some((expression) => evaluate(expression, context).value === true);
      if (hide !== 'hidden' in part.dataset || hide !== part.hidden) {
        changed = true;
        part.hidden = hide;
        if (hide) part.dataset.hidden = 'true';
        else delete part.dataset.hidden;
      }
    }
    if (!changed) return;
  }
}

async function conditions(fields) {
  if (!fields.querySelector('[data-hide]')) return;
  const { evaluate } = await import('feelin'); // the same FEEL as the server's, fetched only where a form needs it
  for (const words of fields.querySelectorAll('.sv-condition')) words.remove();
  settle(fields, evaluate);
  for (const type of ['input', 'change']) fields.addEventListener(type, () => settle(fields, evaluate));
}

/** A button above a long list of check boxes that ticks all, or none when all are ticked. */
function tickAll(list) {
  const boxes = [...list.querySelectorAll('input[type="checkbox"]')];
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'ds-button sv-choices__all';
  button.dataset.variant = 'secondary';
  const name = () => {
    button.textContent = boxes.every((box) => box.checked) ? list.dataset.none : list.dataset.all;
  };
  button.addEventListener('click', () => {
    const tick = !boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = tick;
    name();
    list.dispatchEvent(new Event('change', { bubbles: true }));
  });
  list.addEventListener('change', name);
  name();
  list.querySelector('.sv-choices__list').before(button);
}

function start(root) {
  for (const fields of root.querySelectorAll('[data-fields]:not([data-ready])')) {
    fields.dataset.ready = 'yes';
    conditions(fields);
    for (const list of fields.querySelectorAll('[data-many][data-all]')) tickAll(list);
  }
}

document.addEventListener('htmx:afterSwap', () => start(document));
start(document);
