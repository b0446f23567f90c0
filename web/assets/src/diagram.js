/*
 * Draws the diagrams of a page: every element with data-diagram. The picture adds nothing to the text beside it: what is marked
 * (done, live, late) is read from the outline, so that both always say the same. Loaded only by pages that show a diagram; the viewer
 * itself follows when the diagram comes near the window.
 */
const figures = document.querySelectorAll('[data-diagram]');

const soon = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      soon.unobserve(target);
      draw(target);
    }
  },
  { rootMargin: '400px' },
);
figures.forEach((figure) => soon.observe(figure));

async function draw(figure) {
  try {
    const { show } = await import('./diagram/viewer.js');
    await show(figure);
    figure.dataset.state = 'drawn';
  } catch (error) {
    console.warn(error);
    figure.dataset.state = 'failed';
    figure.querySelector('[data-diagram-failed]')?.removeAttribute('hidden');
  }
}
