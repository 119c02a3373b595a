// Put into a page whose time is taken apart: when messages came and how large they were, and how long the page was busy.
(() => {
  const wire = (window.tapelineWire = { messages: [], busy: [] });
  performance.setResourceTimingBufferSize(5000);
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...words) {
      super(...words);
      this.addEventListener("message", ({ data }) => wire.messages.push([performance.now(), data.byteLength ?? data.size ?? data.length]));
    }
  };
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) wire.busy.push([task.startTime, task.duration]);
  }).observe({ type: "longtask" });
  wire.all = () => [
    ...wire.messages,
    ...performance
      .getEntries()
      .filter((entry) => entry.transferSize)
      .map((entry) => [entry.responseEnd, entry.transferSize]),
  ];
})();
