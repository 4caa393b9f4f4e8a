// Runs before the first paint: where the reader follows the system, take the system's light or dark; and where the
// machine has no Chinese font (its characters all look alike), fetch one.
(() => {
  const root = document.documentElement;
  const { fonts } = document.currentScript.dataset;
  if (root.hasAttribute('data-theme-auto')) {
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const apply = () => {
      if (root.hasAttribute('data-theme-auto')) root.dataset.bsTheme = dark.matches ? 'dark' : 'light';
    };
    apply();
    dark.addEventListener('change', apply);
  }
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 24;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  const picture = (sign) => {
    pen.clearRect(0, 0, 24, 24);
    pen.font = '20px sans-serif';
    pen.fillText(sign, 2, 20);
    return pen.getImageData(0, 0, 24, 24).data.join();
  };
  if (fonts && picture('修') === picture('武')) {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = fonts;
    document.head.append(link);
  }
})();
