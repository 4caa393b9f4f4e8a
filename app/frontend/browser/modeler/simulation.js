// Tokens moved by hand through the drawing as it stands, over the editor; fetched only when somebody wants it.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import TokenSimulation from 'bpmn-js-token-simulation/lib/viewer';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import { translateModule } from '../editor/dictionary.js';

export async function simulate(container, xml) {
  const viewer = new NavigatedViewer({ container, moddleExtensions: { zeebe }, additionalModules: [TokenSimulation, translateModule] });
  await viewer.importXML(xml);
  viewer.get('canvas').zoom('fit-viewport', 'auto');
  viewer.get('toggleMode').toggleMode(true);
  return () => viewer.destroy();
}
