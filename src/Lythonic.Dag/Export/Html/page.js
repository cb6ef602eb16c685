'use strict';
function show() {
  const node = location.hash && document.getElementById(location.hash.slice(1));
  if (!node || node.tagName !== 'DETAILS') return;
  for (let details = node; details; details = details.parentElement) {
    if (details.tagName !== 'DETAILS') continue;
    details.hidden = false;
    details.open = true;
  }
  node.scrollIntoView({ block: 'nearest' });
  node.querySelector('summary').focus();
}
addEventListener('hashchange', show);
document.addEventListener('click', event => {
  const link = event.target.closest && event.target.closest('a');
  if (link && link.getAttribute('href') === location.hash) show();
});
for (const tools of document.querySelectorAll('.tools')) tools.hidden = false;

// A graph is moved and enlarged by its viewBox: at first all of it is in sight.
const canvas = document.getElementById('canvas');
function graphInSight() {
  return canvas && [...canvas.querySelectorAll('svg.graph')].find(svg => svg.getBoundingClientRect().width > 0);
}
const whole = new Map();
function boxOf(svg) {
  if (!whole.has(svg)) {
    const box = svg.viewBox.baseVal;
    whole.set(svg, { x: box.x, y: box.y, width: box.width, height: box.height });
    canvas.style.height = canvas.getBoundingClientRect().height + 'px';
  }
  return svg.viewBox.baseVal;
}
function zoom(by, atX = 0.5, atY = 0.5) {
  const svg = graphInSight();
  if (!svg) return;
  const box = boxOf(svg), all = whole.get(svg);
  canvas.classList.add('moved');
  const width = Math.min(all.width * 1.5, Math.max(120, box.width / by)), height = box.height * width / box.width;
  box.x += (box.width - width) * atX;
  box.y += (box.height - height) * atY;
  box.width = width;
  box.height = height;
}
function showAll() {
  const svg = graphInSight();
  if (!svg || !whole.has(svg)) return;
  Object.assign(boxOf(svg), whole.get(svg));
  canvas.classList.remove('moved');
  canvas.style.height = '';
  whole.delete(svg);
}
function move(x, y) {
  const svg = graphInSight();
  if (!svg || !whole.has(svg)) return;
  const box = boxOf(svg), area = svg.getBoundingClientRect();
  const unit = Math.max(box.width / area.width, box.height / area.height);
  box.x -= x * unit;
  box.y -= y * unit;
}
if (canvas) {
  for (const button of document.querySelectorAll('[data-zoom]')) {
    button.addEventListener('click', () => button.dataset.zoom === 'all' ? showAll() : zoom(button.dataset.zoom));
  }
  canvas.addEventListener('wheel', event => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const area = canvas.getBoundingClientRect();
    zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, (event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height);
  }, { passive: false });
  const pointers = new Map();
  let dragged = 0;
  canvas.addEventListener('pointerdown', event => {
    pointers.set(event.pointerId, event);
    dragged = 0;
  });
  addEventListener('pointermove', event => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    const others = [...pointers.values()].filter(other => other.pointerId !== event.pointerId);
    pointers.set(event.pointerId, event);
    dragged += Math.abs(event.clientX - last.clientX) + Math.abs(event.clientY - last.clientY);
    if (others.length === 1) {
      const far = (one, other) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      zoom(far(event, others[0]) / Math.max(1, far(last, others[0])));
    } else if (canvas.classList.contains('moved')) {
      move(event.clientX - last.clientX, event.clientY - last.clientY);
    }
  });
  for (const end of ['pointerup', 'pointercancel']) addEventListener(end, event => pointers.delete(event.pointerId));
  canvas.addEventListener('dragstart', event => event.preventDefault());
  canvas.addEventListener('click', event => { if (dragged > 6) event.preventDefault(); }, true);
  canvas.addEventListener('keydown', event => {
    const steps = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] };
    if (event.key === '+' || event.key === '=') zoom(1.25);
    else if (event.key === '-') zoom(0.8);
    else if (event.key === '0') showAll();
    else if (steps[event.key] && canvas.classList.contains('moved')) move(...steps[event.key]);
    else return;
    event.preventDefault();
  });
}

const edges = new Map();
for (const edge of document.querySelectorAll('[data-ends]')) {
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
for (const name of ['mouseover', 'focusin']) document.addEventListener(name, light(true));
for (const name of ['mouseout', 'focusout']) document.addEventListener(name, light(false));

const filter = document.getElementById('filter');
const nodes = [...document.querySelectorAll('#nodes > details')];
if (filter) filter.addEventListener('input', () => {
  const word = filter.value.trim().toLowerCase();
  let count = 0;
  for (const node of nodes) {
    node.hidden = !node.querySelector('summary').textContent.toLowerCase().includes(word);
    if (!node.hidden) count++;
  }
  document.getElementById('found').textContent = word ? count + ' of ' + nodes.length : '';
});

// A page that loads itself again keeps what was opened and where one was.
if (document.querySelector('main.live')) {
  const all = [...document.querySelectorAll('details')], key = 'dag:' + location.pathname;
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) || 'null');
    if (kept && kept.count === all.length) kept.open.forEach((open, index) => { all[index].open = open; });
    if (kept) scrollTo(0, kept.top);
    addEventListener('pagehide', () => sessionStorage.setItem(key, JSON.stringify(
      { count: all.length, open: all.map(one => one.open), top: scrollY })));
  } catch {
    // Where a browser keeps nothing, the page begins anew.
  }
}
show();
