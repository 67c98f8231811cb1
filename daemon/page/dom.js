// Making elements. Texts are texts: nothing here, and nothing else on the page, reads markup.
import { ago, moment, visible } from './format.js';

/// An element with attributes, listeners (onclick: ...) and children: nodes, texts, or lists of them. What is
/// null or false is left out.
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

export function append(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/// In the place of what was there.
export function fill(element, ...children) {
  element.replaceChildren();
  return append(element, children);
}

/// A name from a directory or target: its direction is its own, and its unseen characters are seen.
export function name(text) {
  return el('bdi', { class: text === '' || text === null || text === undefined ? 'name none' : 'name' }, visible(text));
}

/// "5 min ago", with the time itself beside it.
export function when(time, both = true) {
  if (!time) return el('span', { class: 'faint' }, 'not known');
  return el('time', { datetime: time, title: moment(time, true) },
    both ? `${moment(time)} (${ago(time, Date.now())})` : ago(time, Date.now()));
}

/// The time itself, to the second, where rows are compared.
export function stamp(time) {
  return time ? el('time', { datetime: time, title: ago(time, Date.now()) }, moment(time, true)) : el('span', { class: 'faint' }, 'not known');
}

/// A word that is told by its text, and for a quick look by its colour.
export function badge({ word, tone }) {
  return el('span', { class: `badge ${tone}` }, word);
}

export function link(to, ...children) {
  return el('a', { href: to }, children);
}

let numbers = 0;
/// For labels and descriptions.
export function freshId(what) {
  numbers += 1;
  return `${what}-${numbers}`;
}
