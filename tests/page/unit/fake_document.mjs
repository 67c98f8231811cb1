// As much of a browser's document as the page uses, for tests without a browser. It lays out nothing, and reads
// no markup: whoever writes some finds nothing here that takes it.

class Node {
  parentNode = null;
  childNodes = [];
  get isConnected() {
    return this === globalThis.document.documentElement || (this.parentNode?.isConnected ?? false);
  }
  get textContent() {
    return this.childNodes.map((node) => node.textContent).join('');
  }
  set textContent(text) {
    this.replaceChildren();
    if (text !== '') this.append(String(text));
  }
  get firstChild() {
    return this.childNodes[0] ?? null;
  }
  append(...nodes) {
    for (const node of nodes) this.insertBefore(node instanceof Node ? node : new Text(node), null);
  }
  insertBefore(node, before) {
    node.remove();
    const at = before === null ? this.childNodes.length : this.childNodes.indexOf(before);
    if (at < 0) throw new Error('no such child');
    this.childNodes.splice(at, 0, node);
    node.parentNode = this;
    return node;
  }
  remove() {
    if (!this.parentNode) return;
    if (this.contains(globalThis.document.activeElement)) globalThis.document.activeElement = globalThis.document.body;
    this.parentNode.childNodes.splice(this.parentNode.childNodes.indexOf(this), 1);
    this.parentNode = null;
  }
  replaceChildren(...nodes) {
    for (const node of [...this.childNodes]) node.remove();
    this.append(...nodes);
  }
  contains(node) {
    for (let at = node; at; at = at.parentNode) if (at === this) return true;
    return false;
  }
}

class Text extends Node {
  constructor(data) {
    super();
    this.data = String(data);
  }
  get textContent() {
    return this.data;
  }
}

/// "#id", ".class", "tag", "tag[attribute]", "[attribute]", with commas between them, and no spaces within.
function fits(element, selectors) {
  return selectors.split(',').some((one) => {
    const [, tag, id, names, attribute] = /^([a-z0-9]*)(#[\w-]+)?((?:\.[\w-]+)*)(?:\[([\w-]+)\])?$/.exec(one.trim()) ?? [null, '!'];
    return (tag === '' || element.tagName.toLowerCase() === tag) && (!id || element.getAttribute('id') === id.slice(1))
      && (names ?? '').split('.').filter(Boolean).every((name) => element.classList.contains(name))
      && (!attribute || element.hasAttribute(attribute));
  });
}

class Element extends Node {
  #attributes = new Map();
  #listeners = new Map();
  style = {};
  scrollTop = 0;
  clientHeight = 400;
  value = '';
  disabled = false;
  constructor(name) {
    super();
    this.tagName = name.toUpperCase();
  }
  setAttribute(name, value) {
    if (name === 'style' || name.startsWith('on')) throw new Error(`the policy refuses the attribute ${name}`);
    this.#attributes.set(name, String(value));
    if (name === 'value') this.value = String(value);
  }
  getAttribute(name) {
    return this.#attributes.get(name) ?? null;
  }
  hasAttribute(name) {
    return this.#attributes.has(name);
  }
  removeAttribute(name) {
    this.#attributes.delete(name);
  }
  get id() { return this.getAttribute('id') ?? ''; }
  set id(id) { this.setAttribute('id', id); }
  get hidden() { return this.hasAttribute('hidden'); }
  set hidden(is) { if (is) this.setAttribute('hidden', ''); else this.removeAttribute('hidden'); }
  get className() { return this.getAttribute('class') ?? ''; }
  set className(names) { this.setAttribute('class', names); }
  get tabIndex() { return Number(this.getAttribute('tabindex') ?? (['A', 'BUTTON', 'INPUT'].includes(this.tagName) ? 0 : -1)); }
  set tabIndex(at) { this.setAttribute('tabindex', at); }
  get dataset() {
    const element = this;
    return new Proxy({}, { get: (_, name) => element.getAttribute(`data-${name}`) ?? undefined });
  }
  get classList() {
    const element = this;
    const names = () => element.className.split(' ').filter(Boolean);
    return { contains: (name) => names().includes(name), add: (name) => { element.className = [...new Set([...names(), name])].join(' '); } };
  }
  get childElementCount() {
    return this.childNodes.filter((node) => node instanceof Element).length;
  }
  addEventListener(name, listener) {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
  }
  async dispatch(name, event = {}) {
    for (let at = this; at; at = at.parentNode)
      for (const listener of at.heard?.(name) ?? []) await listener({ target: this, preventDefault() {}, ...event });
  }
  heard(name) {
    return this.#listeners.get(name) ?? [];
  }
  *all() {
    for (const node of this.childNodes) {
      if (!(node instanceof Element)) continue;
      yield node;
      yield* node.all();
    }
  }
  querySelectorAll(selectors) {
    return [...this.all()].filter((element) => fits(element, selectors));
  }
  querySelector(selectors) {
    return this.querySelectorAll(selectors)[0] ?? null;
  }
  closest(selectors) {
    for (let at = this; at instanceof Element; at = at.parentNode) if (fits(at, selectors)) return at;
    return null;
  }
  focus() {
    globalThis.document.activeElement = this;
  }
  showModal() {
    this.setAttribute('open', '');
  }
  close() {
    this.removeAttribute('open');
    for (const listener of this.heard('close')) listener({ target: this });
  }
  getBoundingClientRect() {
    return { left: 0, top: 0, width: 640, height: 190 };
  }
}

/// Puts a document with these ids in the place of the global one.
export function useFakeDocument(ids = []) {
  const body = new Element('body');
  const root = new Element('html');
  root.append(body);
  globalThis.Node = Node;
  globalThis.document = {
    documentElement: root, body, activeElement: body, title: '', visibilityState: 'visible',
    createElement: (name) => new Element(name),
    createElementNS: (_, name) => new Element(name),
    getElementById: (id) => [...root.all()].find((element) => element.id === id) ?? null,
    querySelectorAll: (selectors) => root.querySelectorAll(selectors.replace(/^#[\w-]+ /, '')),
    addEventListener() {},
  };
  globalThis.matchMedia = () => ({ matches: false });
  globalThis.ResizeObserver = class { observe() {} };
  globalThis.requestAnimationFrame = (call) => call();
  for (const id of ids) {
    const element = new Element('div');
    element.id = id;
    body.append(element);
  }
  return body;
}
