/* One diagram: the viewer, its marks, its buttons, and the way between a step in the picture and the same step in the text. */
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

const READABLE = 0.55; // below this scale the labels cannot be read: show where the case stands rather than everything
const CLOSE = 0.85;
const STEP = 1.25;

export async function show(figure) {
  const answer = await fetch(figure.dataset.source, { credentials: 'same-origin', headers: { Accept: 'application/xml' } });
  if (!answer.ok) throw new Error(`the diagram answered ${answer.status}`);
  const canvasElement = figure.querySelector('[data-diagram-canvas]');
  // The wheel belongs to the page: without Ctrl it scrolls past the diagram instead of moving it.
  const viewer = new NavigatedViewer({ container: canvasElement, zoomScroll: { enabled: false } });
  await viewer.importXML(await answer.text());
  const outline = document.getElementById(figure.dataset.outline);
  name(canvasElement, figure);
  const live = mark(viewer, outline);
  const view = new View(viewer, canvasElement, live);
  view.begin();
  connectButtons(figure, view, live);
  connectText(viewer, view, outline);
}

function name(canvasElement, figure) {
  const drawing = canvasElement.querySelector('svg[tabindex], .djs-container > svg');
  drawing.setAttribute('role', 'group');
  drawing.setAttribute('aria-label', figure.dataset.label);
}

/* Marks what the outline says of each step; answers the ids of those where the case stands. */
function mark(viewer, outline) {
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  const live = [];
  for (const item of outline?.querySelectorAll('[data-element]') ?? []) {
    const { element, state, badge } = item.dataset;
    if (!state || !registry.get(element)) continue;
    canvas.addMarker(element, `is-${state}`);
    if (item.hasAttribute('data-late')) canvas.addMarker(element, 'is-late');
    if (badge) addBadge(viewer.get('overlays'), element, state, badge);
    if (state === 'now') live.push(element);
  }
  for (const flow of outline?.dataset.flows?.split(' ') ?? []) {
    if (registry.get(flow)) canvas.addMarker(flow, 'is-taken');
  }
  return live;
}

function addBadge(overlays, element, state, text) {
  const html = document.createElement('span');
  html.className = `diagram-badge is-${state}`;
  html.textContent = text;
  html.setAttribute('aria-hidden', 'true'); // the outline says it
  overlays.add(element, { position: { top: -13, right: 30 }, html });
}

class View {
  constructor(viewer, element, live) {
    this.viewer = viewer;
    this.element = element;
    this.canvas = viewer.get('canvas');
    this.live = live;
    element.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    new ResizeObserver(() => this.canvas.resized()).observe(element);
  }

  /* As high as the drawing needs at full width, within what the window allows. */
  begin() {
    const { inner } = this.canvas.viewbox();
    const wide = this.element.clientWidth;
    const most = Math.max(320, Math.min(640, window.innerHeight * 0.75));
    const readable = (wide - 48) / Math.max(inner.width, 1) >= READABLE;
    const wanted = readable ? Math.max((inner.height / inner.width) * wide + 48, 240) : inner.height * CLOSE + 48;
    this.element.style.blockSize = `${Math.round(Math.min(wanted, most))}px`;
    this.canvas.resized();
    this.whole();
    if (this.canvas.zoom() < READABLE) this.here();
  }

  whole() {
    const { inner, outer } = this.canvas.viewbox();
    const margin = 24;
    const scale = Math.min((outer.width - 2 * margin) / inner.width, (outer.height - 2 * margin) / inner.height, 1);
    const [width, height] = [outer.width / scale, outer.height / scale];
    this.canvas.viewbox({ x: inner.x - (width - inner.width) / 2, y: inner.y - (height - inner.height) / 2, width, height });
  }

  here() {
    const first = this.live[0] ?? this.viewer.get('elementRegistry').find((each) => each.type === 'bpmn:StartEvent')?.id;
    if (first) this.centre(first);
  }

  centre(id) {
    const shape = this.viewer.get('elementRegistry').get(id);
    if (!shape) return;
    const { inner, outer } = this.canvas.viewbox();
    const [width, height] = [outer.width / CLOSE, outer.height / CLOSE];
    // Keep the drawing in the window where it is at an edge: no empty half.
    const inside = (middle, extent, start, length) =>
      length + 48 <= extent ? start - (extent - length) / 2 : Math.min(Math.max(middle - extent / 2, start - 24), start + length + 24 - extent);
    const x = inside(shape.x + (shape.width ?? 0) / 2, width, inner.x, inner.width);
    const y = inside(shape.y + (shape.height ?? 0) / 2, height, inner.y, inner.height);
    this.canvas.viewbox({ x, y, width, height });
  }

  zoom(factor) {
    this.canvas.zoom(Math.min(4, Math.max(0.1, this.canvas.zoom() * factor)), 'auto');
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? STEP : 1 / STEP);
  }
}

function connectButtons(figure, view, live) {
  const acts = { in: () => view.zoom(STEP), out: () => view.zoom(1 / STEP), whole: () => view.whole(), here: () => view.here() };
  for (const button of figure.querySelectorAll('[data-diagram-do]')) {
    button.addEventListener('click', acts[button.dataset.diagramDo]);
    button.hidden = button.dataset.diagramDo === 'here' && !live.length;
  }
  figure.querySelector('[data-diagram-tools]').hidden = false;
}

/* A click on a step leads to its line in the text; a line's own button shows the step in the picture. */
function connectText(viewer, view, outline) {
  const canvas = viewer.get('canvas');
  let pointed;
  const point = (id) => {
    if (pointed) canvas.removeMarker(pointed, 'is-pointed');
    pointed = viewer.get('elementRegistry').get(id) ? id : undefined;
    if (pointed) canvas.addMarker(pointed, 'is-pointed');
  };
  viewer.on('element.click', ({ element }) => {
    const item = [...(outline?.querySelectorAll('[data-element]') ?? [])].find((each) => each.dataset.element === element.id);
    if (!item) return;
    point(element.id);
    for (let around = item.closest('details'); around; around = around.parentElement.closest('details')) around.open = true;
    item.tabIndex = -1;
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  });
  outline?.addEventListener('click', (event) => {
    const button = event.target.closest('[data-show-in-diagram]');
    if (!button) return;
    const id = button.closest('[data-element]').dataset.element;
    view.centre(id);
    point(id);
    view.element.scrollIntoView({ block: 'nearest' });
  });
  for (const button of outline?.querySelectorAll('[data-show-in-diagram]') ?? []) button.hidden = false;
}
