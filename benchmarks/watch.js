// Put into every page that is measured: when the last input came, and when a chart or a card last changed.
(() => {
  const parts = ".js-plotly-plot, [data-testid=stDialog], dialog, #drawer";
  const watch = (window.tapelineWatch = { input: 0, began: 0, change: 0, changes: 0 });
  const holds = (node) => node.nodeType === 1 && (node.matches(parts) || node.querySelector(parts) !== null);
  const counts = (record) => {
    const target = record.target.nodeType === 1 ? record.target : record.target.parentElement;
    if (target && target.closest(parts)) return true;
    return [...record.addedNodes, ...record.removedNodes].some(holds);
  };
  new MutationObserver((records) => {
    if (records.some(counts)) {
      watch.change = performance.now();
      watch.changes += 1;
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  for (const kind of ["click", "keydown"]) addEventListener(kind, (event) => (watch.input = event.timeStamp), true);
})();
