// Search in the drawing: it lets go of what hangs on the mouse, and finds what was pasted or written with an input method.
export class Search {
  constructor(eventBus, canvas, dragging) {
    const known = new WeakSet();
    eventBus.on('searchPad.opened', () => {
      dragging.cancel();
      const input = canvas.getContainer().querySelector('.djs-search-input input');
      if (known.has(input)) return;
      known.add(input);
      // The search pad listens to keys only.
      input.addEventListener('input', () => input.dispatchEvent(new KeyboardEvent('keyup', { bubbles: true, key: 'Unidentified' })));
    });
  }
}
Search.$inject = ['eventBus', 'canvas', 'dragging'];
