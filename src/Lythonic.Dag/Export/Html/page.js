'use strict';
function show() {
  const node = location.hash && document.getElementById(location.hash.slice(1));
  if (!node || node.tagName !== 'DETAILS') return;
  node.hidden = false;
  node.open = true;
  node.scrollIntoView({ block: 'nearest' });
  node.querySelector('summary').focus();
}
addEventListener('hashchange', show);
document.addEventListener('click', event => {
  const link = event.target.closest && event.target.closest('a');
  if (link && link.getAttribute('href') === location.hash) show();
});
for (const tools of document.querySelectorAll('.tools')) tools.hidden = false;

const canvas = document.getElementById('canvas');
const svg = canvas.querySelector('svg');
let zoom = 1;
function fit() { return (canvas.clientWidth - 2) / svg.viewBox.baseVal.width; }
function scale(to) {
  zoom = Math.min(4, Math.max(0.05, to));
  svg.style.setProperty('--zoom', zoom);
}
if (svg) {
  scale(Math.min(1, Math.max(0.9, fit())));
  for (const button of document.querySelectorAll('[data-zoom]')) {
    const by = button.dataset.zoom;
    button.addEventListener('click', () => scale(by === 'fit' ? fit() : by === '1' ? 1 : zoom * by));
  }
}

const edges = new Map();
for (const edge of canvas.querySelectorAll('[data-ends]')) {
  for (const end of edge.dataset.ends.split(' ')) {
    if (!edges.has(end)) edges.set(end, []);
    edges.get(end).push(edge);
  }
}
function light(on) {
  return event => {
    const link = event.target.closest && event.target.closest('a');
    for (const edge of link && edges.get(link.getAttribute('href')) || []) edge.classList.toggle('lit', on);
  };
}
for (const name of ['mouseover', 'focusin']) canvas.addEventListener(name, light(true));
for (const name of ['mouseout', 'focusout']) canvas.addEventListener(name, light(false));

const filter = document.getElementById('filter');
const nodes = [...document.querySelectorAll('#nodes > details')];
filter.addEventListener('input', () => {
  const word = filter.value.trim().toLowerCase();
  let count = 0;
  for (const node of nodes) {
    node.hidden = !node.querySelector('summary').textContent.toLowerCase().includes(word);
    if (!node.hidden) count++;
  }
  document.getElementById('found').textContent = word ? count + ' of ' + nodes.length : '';
});
show();
