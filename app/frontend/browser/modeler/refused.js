// Menus without what nothing here executes: transactions, ad-hoc and event sub-processes, compensation, conditions.
const REFUSED = /transaction|ad-?hoc|event-subprocess|compensation|conditional-(start|intermediate|boundary|catch)|cancel-|complex-gateway|event-based-instantiating|instantiating|link-|non-interrupting-conditional|escalation-start|error-start|data-object|data-store/;
const MENUS = ['bpmn-replace', 'bpmn-append', 'bpmn-create'];

export class RefusedEntries {
  constructor(popupMenu) {
    for (const menu of MENUS) popupMenu.registerProvider(menu, 200, this);
  }

  getPopupMenuEntries() {
    return (entries) => Object.fromEntries(Object.entries(entries).filter(([id]) => !REFUSED.test(id)));
  }

  getPopupMenuHeaderEntries() {
    return (entries) => Object.fromEntries(Object.entries(entries).filter(([id]) => !/toggle-adhoc|toggle-loop|toggle-participant-multiplicity/.test(id)));
  }
}
RefusedEntries.$inject = ['popupMenu'];

// The palette keeps what a process here is made of.
export class Palette {
  constructor(palette) {
    palette.registerProvider(200, this);
  }

  getPaletteEntries() {
    return (entries) => Object.fromEntries(Object.entries(entries).filter(([id]) => !/data-object|data-store/.test(id)));
  }
}
Palette.$inject = ['palette'];
