// The editors' own words in Chinese: bpmn-js and dmn-js ask for each, the rest is put right where it appears on the page.
import { zh } from './zh.js';
import { patterns } from './zh_patterns.js';

export const chinese = document.documentElement.lang.startsWith('zh');

// What the editors said in English to a reader of Chinese; the browser's tests read it and want it empty.
const missing = new Set();
window.untranslated = missing;

const fill = (sentence, values) => sentence.replace(/{([^}]+)}/g, (all, name) => (values?.[name] === undefined ? all : String(values[name])));

const lower = new Map(Object.entries(zh).map(([english, said]) => [english.toLowerCase(), said]));

export function chineseOf(text) {
  if (Object.hasOwn(zh, text)) return zh[text];
  if (lower.has(text.toLowerCase())) return lower.get(text.toLowerCase());
  for (const [pattern, sentence] of patterns) if (pattern.test(text)) return text.replace(pattern, sentence);
  return undefined;
}

// The translate function of diagram-js: English sentences with {places}.
export function translate(sentence, values) {
  if (!chinese || typeof sentence !== 'string') return fill(String(sentence), values);
  const found = chineseOf(sentence);
  if (found === undefined && /[A-Za-z]{2}/.test(sentence)) missing.add(sentence);
  return fill(found ?? sentence, values);
}

export const translateModule = { translate: ['value', translate] };

const ATTRIBUTES = ['title', 'placeholder', 'aria-label', 'data-title', 'aria-description'];
// What people wrote is not ours to translate: names in the drawing, code, the licence's sign.
const KEPT = 'svg, .cm-editor, [contenteditable], .bjs-powered-by, .fjs-powered-by, [data-said], script, style, pre, code';

function inText(node) {
  if (node.parentElement?.closest(KEPT)) return;
  const text = node.data;
  const core = text.trim();
  if (!/[A-Za-z]{2}/.test(core)) return;
  const found = chineseOf(core);
  if (found !== undefined && found !== core) node.data = text.replace(core, () => found);
}

function inAttributes(element) {
  for (const name of ATTRIBUTES) {
    const value = element.getAttribute(name);
    if (!value || !/[A-Za-z]{2}/.test(value)) continue;
    const found = chineseOf(value.trim());
    if (found !== undefined && found !== value) element.setAttribute(name, found);
  }
}

function below(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    inText(node);
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE || node.closest('svg.djs-hidden, script, style')) return;
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let one = walker.currentNode; one; one = walker.nextNode()) {
    if (one.nodeType === Node.TEXT_NODE) inText(one);
    else inAttributes(one);
  }
}

// Panels that ask nobody (form-js, the simulation, parts of the properties panel) are put right before they are painted.
export function watch(place) {
  if (!chinese) return;
  below(place);
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === 'childList') change.addedNodes.forEach(below);
      else if (change.type === 'characterData') inText(change.target);
      else inAttributes(change.target);
    }
  }).observe(place, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
}
