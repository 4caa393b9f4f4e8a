// The diagram editor: bpmn-js with the Camunda 8 panel and FEEL, composed here with the county's own choices.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css';
import 'diagram-js-minimap/assets/diagram-js-minimap.css';
import 'bpmn-js-color-picker/colors/color-picker.css';
import 'bpmn-js-token-simulation/assets/css/bpmn-js-token-simulation.css';
import '../css/workshop.css';
import { ZeebeVariableResolverModule } from '@bpmn-io/variable-resolver';
import Modeler from 'bpmn-js/lib/Modeler';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import ColorPicker from 'bpmn-js-color-picker';
import { CreateAppendAnythingModule } from 'bpmn-js-create-append-anything';
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule } from 'bpmn-js-properties-panel';
import ZeebeBehaviors from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import Grid from 'diagram-js-grid';
import Minimap from 'diagram-js-minimap';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import { translateModule } from './editor/dictionary.js';
import { config, download, editable, part, root } from './editor/page.js';
import { talking } from './editor/talk.js';
import { enable } from './editor/tools.js';
import { workbench } from './editor/workbench.js';
import './modeler/context_pad.js';
import { CountyProvider } from './modeler/choices.js';
import { Extensions } from './modeler/extensions.js';
import { Facts } from './modeler/facts.js';
import { jumper, marks } from './modeler/marks.js';
import { Palette, RefusedEntries } from './modeler/refused.js';
import { Search } from './modeler/search.js';
import { Texts } from './modeler/texts.js';
import { trace } from './modeler/trace.js';
import { Variables } from './modeler/variables.js';
import { t } from './words.js';

const READABLE = 0.75;
const place = part('canvas');
// Drawn with the page's own colours, so that a dark page has a dark drawing; what is downloaded gets the light ones.
const bpmnRenderer = { defaultFillColor: 'var(--paper)', defaultStrokeColor: 'var(--ink)', defaultLabelColor: 'var(--ink)' };
const LIGHT = { 'var(--paper)': '#ffffff', 'var(--ink)': '#1b232d' };

const county = {
  __init__: ['countyProvider', 'facts', 'countyVariables', 'countyTexts', 'countySearch', 'refusedEntries', 'countyPalette'],
  extensions: ['type', Extensions],
  countyProvider: ['type', CountyProvider],
  facts: ['type', Facts],
  countyVariables: ['type', Variables],
  countyTexts: ['type', Texts],
  countySearch: ['type', Search],
  refusedEntries: ['type', RefusedEntries],
  countyPalette: ['type', Palette],
};

const modeler = editable
  ? new Modeler({
      container: place,
      moddleExtensions: { zeebe },
      bpmnRenderer,
      propertiesPanel: { parent: part('panel'), feelPopupContainer: root },
      additionalModules: [BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule, ZeebeBehaviors, ZeebeVariableResolverModule,
        CreateAppendAnythingModule, ColorPicker, Minimap, Grid, translateModule, county],
    })
  : new NavigatedViewer({ container: place, moddleExtensions: { zeebe }, bpmnRenderer, additionalModules: [translateModule] });

const canvas = modeler.get('canvas');
let xml = config.content;
let drawn = false;

function fit() {
  canvas.zoom('fit-viewport', 'auto');
  if (canvas.zoom() > 1) canvas.zoom(1, 'auto');
}

// A wide drawing opens at its beginning, where it can be read.
function open() {
  fit();
  const start = modeler.get('elementRegistry').find((element) => element.type === 'bpmn:StartEvent');
  if (start && canvas.zoom() < READABLE) {
    canvas.zoom(READABLE);
    canvas.scrollToElement(start, { top: 160, right: 600, bottom: 160, left: 140 });
  }
}

async function written() {
  if (editable) xml = (await modeler.saveXML({ format: true })).xml;
  return xml;
}

// What is shown in place of another content stays where the eye is.
async function show(content) {
  const view = drawn && canvas.viewbox();
  const { warnings } = await modeler.importXML(content);
  xml = content;
  if (view) canvas.viewbox(view);
  else open();
  drawn = true;
  if (config.asked) talking(modeler, config.talk, (element) => window.location.assign(`${config.asked}?element=${encodeURIComponent(element)}#talk`));
  if (warnings.length) part('said-place').textContent = t('有 %(count)s 处没有读懂，见检查结果。', { count: warnings.length });
}

const jump = jumper(modeler);
const bench = workbench({
  read: () => xml,
  write: written,
  show,
  stack: () => modeler.get('commandStack', false),
  mark: marks(modeler, { onPick: pick }),
  jump,
  play: trace(modeler),
  reached() {
    const several = selected().length;
    for (const name of ['copy', 'color', 'delete']) enable(name, several > 0);
    enable('align', several > 1);
  },
});

function pick(found) {
  const list = part('findings');
  list.open = true;
  const row = list.querySelector(`[data-element="${CSS.escape(found[0].element)}"] button`);
  row?.focus();
  row?.scrollIntoView({ block: 'nearest' });
}

const clean = (svg) => Object.entries(LIGHT).reduce((text, [from, to]) => text.replaceAll(from, to), svg);
let simulation = null;

async function simulate(button) {
  const over = part('simulation');
  if (simulation) {
    simulation();
    simulation = null;
    over.replaceChildren();
    over.hidden = true;
  } else {
    over.hidden = false;
    if (editable) modeler.get('selection').select(null); // its tools would stand above the tokens
    const { simulate: start } = await import('./modeler/simulation.js');
    simulation = await start(over, await written());
  }
  button.setAttribute('aria-pressed', String(Boolean(simulation)));
  root.toggleAttribute('data-simulating', Boolean(simulation));
}

const selected = () => modeler.get('selection').get();
const trigger = (name, options) => modeler.get('editorActions').trigger(name, options);
const menu = (provider, button) => {
  const at = button.getBoundingClientRect();
  modeler.get('popupMenu').open(selected(), provider, { x: at.left, y: at.bottom + 4 });
};

const looking = {
  'zoom-in': () => canvas.zoom(canvas.zoom() * 1.25),
  'zoom-out': () => canvas.zoom(canvas.zoom() / 1.25),
  fit,
  simulate,
  'save-svg': async () => download(`${config.key}.svg`, clean((await modeler.saveSVG()).svg), 'image/svg+xml'),
  'save-file': async () => download(`${config.key}.bpmn`, editable ? await written() : xml, 'application/xml'),
};
const drawing = {
  copy: () => trigger('copy'),
  // What was copied hangs on the mouse until it is put somewhere, as with the key.
  paste: () => modeler.get('copyPaste').paste(),
  delete: () => trigger('removeSelection'),
  // The click on the button goes on to the page, where it would close the search again.
  find: () => window.setTimeout(() => trigger('find')),
  color: (button) => menu('color-picker', button),
  align: (button) => menu('align-elements', button),
  // The grid is seen when it is what elements snap to.
  grid: (button) => {
    modeler.get('gridSnapping').toggleActive();
    button.setAttribute('aria-pressed', String(modeler.get('gridSnapping').isActive()));
  },
  minimap: (button) => {
    modeler.get('minimap').toggle();
    button.setAttribute('aria-pressed', String(modeler.get('minimap').isOpen()));
  },
};

// The palette's tools say their names to screen readers; a hand with a mouse wants to read them too.
function named() {
  for (const tool of place.querySelectorAll('.djs-palette .entry[aria-label]')) tool.title = tool.getAttribute('aria-label');
}

bench.begin({
  looking,
  drawing,
  async draw() {
    await show(config.content);
    named();
    if (!editable) return;
    modeler.get('eventBus').on('commandStack.changed', bench.edited);
    modeler.get('eventBus').on('selection.changed', bench.reach);
    modeler.get('eventBus').on('palette.changed', () => window.requestAnimationFrame(named));
  },
});
