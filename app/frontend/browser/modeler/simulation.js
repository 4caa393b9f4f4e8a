// Tokens moved by hand through the drawing as it stands, over the editor; fetched only when somebody wants it.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import TokenSimulation from 'bpmn-js-token-simulation/lib/viewer';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import { translateModule } from '../editor/dictionary.js';

const READABLE = 0.7;

export async function simulate(container, xml) {
  const viewer = new NavigatedViewer({ container, moddleExtensions: { zeebe }, additionalModules: [TokenSimulation, translateModule] });
  await viewer.importXML(xml);
  const canvas = viewer.get('canvas');
  canvas.zoom('fit-viewport', 'auto');
  // The buttons that move tokens are shown from half size on: a wide drawing opens at its beginning instead.
  const start = viewer.get('elementRegistry').find((element) => element.type === 'bpmn:StartEvent');
  if (canvas.zoom() < READABLE && start) {
    canvas.zoom(READABLE);
    canvas.scrollToElement(start, { top: 120, right: 400, bottom: 120, left: 80 });
  }
  viewer.get('toggleMode').toggleMode(true);
  return () => viewer.destroy();
}
