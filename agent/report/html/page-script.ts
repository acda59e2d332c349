/** Narrows the flagged files down by what is typed, and unfolds them all: for thousands of them, and for paper. */
export const pageScript = `
const cards = [...document.querySelectorAll('details.card')];
const filter = document.getElementById('filter');
const shown = document.getElementById('shown');
if (filter) {
  const texts = cards.map((card) => card.textContent.toLowerCase());
  filter.addEventListener('input', () => {
    const words = filter.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let count = 0;
    cards.forEach((card, index) => {
      card.hidden = !words.every((word) => texts[index].includes(word));
      if (!card.hidden) count += 1;
    });
    shown.textContent = words.length ? count + ' of ' + cards.length + ' shown' : '';
  });
  const unfold = document.getElementById('unfold');
  unfold.addEventListener('click', () => {
    const open = unfold.getAttribute('aria-pressed') !== 'true';
    unfold.setAttribute('aria-pressed', String(open));
    for (const card of cards) card.open = open;
  });
  document.getElementById('tools').hidden = false;
}
let folded = [];
addEventListener('beforeprint', () => {
  folded = [...document.querySelectorAll('details:not([open])')];
  for (const element of folded) element.open = true;
});
addEventListener('afterprint', () => {
  for (const element of folded) element.open = false;
});
`;
