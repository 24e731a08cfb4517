// Keeps the page up to date: asks for it again when rows change, and puts what differs in place of what is there.
// Focus, selection, open details and the text of fields stay. Without this file, reloading does the same.

const words = {
  fr: {
    locale: 'fr-FR',
    updated: (time) => `Page mise à jour à ${time}.`,
    live: 'En direct',
    lost: 'Hors ligne : nouvel essai',
    unsaved: 'Modifications non enregistrées.',
  },
  en: {
    locale: 'en-GB',
    updated: (time) => `Page updated at ${time}.`,
    live: 'Live',
    lost: 'Offline: trying again',
    unsaved: 'Unsaved changes.',
  },
}[document.documentElement.lang];

const view = document.getElementById('vue');
const live = document.getElementById('direct');
const announcement = document.getElementById('annonce');

let running;
let queued = false;
// What was refused is typed already.
let unsaved = document.querySelector('#vue [role=alert]') !== null;

/** One request at a time; a change that comes meanwhile asks for one more. */
async function refresh() {
  // What is typed is not taken away; when it is saved, the server says whether the record changed meanwhile.
  if (unsaved) return;
  if (running) {
    queued = true;
    return;
  }
  running = new AbortController();
  try {
    await load(location.href, running.signal);
  } catch (error) {
    if (error.name !== 'AbortError') show('off', words.lost);
  }
  running = undefined;
  if (queued) {
    queued = false;
    refresh();
  }
}

async function load(address, signal) {
  const response = await fetch(address, { signal });
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  const next = fresh.getElementById('vue');
  if (signal.aborted || unsaved || !next || next.isEqualNode(shown)) return;
  shown = next.cloneNode(true);
  morph(view, next);
  document.title = fresh.title;
  morph(document.querySelector('h1'), fresh.querySelector('h1'));
  document.getElementById('actualiser').href = location.href;
  document.getElementById('langue').href = fresh.getElementById('langue').href;
  const count = document.getElementById('nombre')?.textContent.trim();
  // The time makes each announcement a new one: a text that stays the same is not read out.
  announcement.textContent = `${words.updated(new Date().toLocaleTimeString(words.locale))} ${count ?? ''}`.trim();
}

/** What was shown last, as the server sent it. */
let shown = view.cloneNode(true);

function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset.key : undefined;
}

function isSame(a, b) {
  return a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
}

/** Makes `old` like `fresh`, keeping each node that both have. */
function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) {
    // What a reader opened stays open.
    if (!fresh.hasAttribute(name) && name !== 'open') old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const wanted = [...fresh.childNodes];
  const keys = new Set(wanted.map(keyOf).filter(Boolean));
  let at = old.firstChild;
  for (const next of wanted) {
    // Rows that are gone make way first, so that those that stay need not move.
    while (at && keyOf(at) && !keys.has(keyOf(at))) at = removed(at);
    const kept = at && isSame(at, next) ? at : keyed(old, next);
    if (!kept) {
      const added = old.insertBefore(document.importNode(next, true), at);
      if (added.dataset?.key) added.classList.add('fresh');
      continue;
    }
    if (kept === at) at = at.nextSibling;
    else old.insertBefore(kept, at);
    morph(kept, next);
  }
  while (at) at = removed(at);
}

function removed(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function keyed(parent, node) {
  const key = keyOf(node);
  return key && [...parent.children].find((child) => isSame(child, node));
}

function show(state, text) {
  live.dataset.state = state;
  live.textContent = text;
}

const changes = new EventSource('/changements');
changes.addEventListener('open', () => {
  // After a break, what was missed is asked for.
  if (live.dataset.state === 'lost') refresh();
  show('on', words.live);
});
changes.addEventListener('change', refresh);
changes.addEventListener('error', () => show('lost', words.lost));

const search = document.querySelector('form[data-live]');
let pause;

function find() {
  clearTimeout(pause);
  const query = new URLSearchParams([...new FormData(search)].filter(([, value]) => value !== ''));
  history.replaceState(null, '', query.size === 0 ? search.getAttribute('action') : `?${query}`);
  running?.abort();
  refresh();
}

search?.addEventListener('input', () => {
  clearTimeout(pause);
  pause = setTimeout(find, 150);
});
search?.addEventListener('submit', (event) => {
  event.preventDefault();
  find();
});

document.addEventListener('input', ({ target }) => {
  if (target.form?.id !== 'fiche') return;
  unsaved = true;
  document.getElementById('saisie').textContent = words.unsaved;
});
