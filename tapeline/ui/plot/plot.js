// The chart on the page: one stable node that Plotly.react keeps up to date, so that a change redraws what changed and nothing else.
// It is called again with new bytes at each run of the page's script; tapeline/charts/wire.py writes them.

const ARRAYS = { i1: Int8Array, u1: Uint8Array, i2: Int16Array, u2: Uint16Array, i4: Int32Array, u4: Uint32Array, f4: Float32Array, f8: Float64Array };
const kept = new WeakMap();

export default function (component) {
  const frame = component.parentElement.querySelector(".tapeline-plot");
  const chart = kept.get(frame) || begin(frame);
  chart.tell = component.setTriggerValue;
  chart.wanted = component.data;
  chart.turn = chart.turn.then(() => update(chart)).catch((error) => fail(chart, error));
  return () => end(chart);
}

function begin(frame) {
  const find = (name) => frame.querySelector(`.${name}`);
  const chart = { frame, paper: find("paper"), note: find("note"), said: find("said"), ring: find("ring"), turn: Promise.resolve(), at: -1 };
  kept.set(frame, chart);
  frame.querySelectorAll("button[data-picture]").forEach((button) => {
    button.onclick = () => picture(chart, button.dataset.picture).catch((error) => say(chart, `The picture could not be made: ${error.message}`));
  });
  const embed = frame.querySelector("button[data-embed]");
  embed.hidden = new URLSearchParams(window.location.search).get("embed") === "true";
  embed.onclick = () => copy(chart, embed);
  return chart;
}

function end(chart) {
  chart.size?.disconnect();
  kept.delete(chart.frame);
  if (chart.drawn) window.Plotly.purge(chart.paper);
}

async function update(chart) {
  const bytes = chart.wanted;
  if (!bytes) return;
  chart.wanted = null;
  const head = unpack(bytes);
  if (head.version === chart.version) return;
  Object.assign(chart, { version: head.version, head, at: -1 });
  chart.paper.style.minHeight = `${head.figure.layout.height}px`;
  chart.note.textContent = head.note;
  chart.ring.hidden = true;
  if (chart.drawn) chart.frame.dataset.state = "drawing";
  const Plotly = await library(head.script);
  if (!chart.frame.isConnected) return;
  await Plotly.react(chart.paper, head.figure.data, layoutOf(head), { displayModeBar: false, doubleClick: false });
  if (!chart.drawn) first(chart);
  names(chart);
  chart.frame.dataset.state = "drawn";
}

function unpack(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const made = [];
  let start = 4 + length;
  for (const [path, dtype, shape, size] of head.arrays) {
    if (typeof dtype === "number") made.push(made[dtype]);
    else {
      const numbers = new ARRAYS[dtype](bytes.slice(start, start + size).buffer);
      made.push(shape.length < 2 ? numbers : Array.from({ length: shape[0] }, (_, row) => numbers.subarray(row * shape[1], (row + 1) * shape[1])));
      start += size;
    }
    path.slice(0, -1).reduce((held, step) => held[step], head.figure)[path.at(-1)] = made.at(-1);
  }
  return head;
}

// Plotly.js comes once a page, from the server's own copy; a page whose head asked for it already only waits.
function library(script) {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  window.tapelinePlotly ||= new Promise((done, failed) => {
    const asked = document.querySelector("script[data-tapeline-plotly]");
    const tag = asked || Object.assign(document.createElement("script"), { src: script });
    const lost = () => {
      window.tapelinePlotly = undefined;
      tag.remove();
      failed(new Error("its library did not arrive"));
    };
    tag.addEventListener("load", () => (window.Plotly ? done(window.Plotly) : lost()));
    tag.addEventListener("error", lost);
    if (asked?.dataset.state === "failed") lost();
    if (!asked) document.head.append(tag);
  });
  return window.tapelinePlotly;
}

// What a reader did by hand (a zoom) stays while the chart stays about the same; dragging to choose a range is for mice, since a finger scrolls.
function layoutOf(head) {
  const drags = head.ranges && window.matchMedia("(pointer: fine)").matches;
  return {
    ...head.figure.layout, autosize: true, clickmode: "event", uirevision: "kept", selectionrevision: head.version,
    dragmode: drags ? "select" : false, selectdirection: "h",
  };
}

function first(chart) {
  const { paper, frame } = chart;
  chart.drawn = true;
  paper.on("plotly_click", (event) => choose(chart, event.points));
  paper.on("plotly_hover", (event) => near(chart, event.points));
  paper.on("plotly_unhover", () => near(chart, []));
  paper.on("plotly_selected", (event) => range(chart, event));
  frame.addEventListener("keydown", (event) => key(chart, event));
  paper.addEventListener("blur", () => document.querySelector("dialog:modal") || leave(chart));
  chart.width = paper.clientWidth;
  chart.size = new ResizeObserver(() => {
    if (!paper.clientWidth || paper.clientWidth === chart.width) return;
    chart.width = paper.clientWidth;
    window.Plotly.Plots.resize(paper);
  });
  chart.size.observe(paper);
}

function names(chart) {
  const { paper, head } = chart;
  chart.marks = head.chooses ? marksOf(paper) : [];
  paper.setAttribute("aria-label", head.alt);
  paper.setAttribute("role", chart.marks.length ? "application" : "img");
  paper.setAttribute("aria-roledescription", "chart");
  if (chart.marks.length) {
    paper.tabIndex = 0;
    paper.setAttribute("aria-description", "Arrow keys go from mark to mark, Enter opens one.");
  } else {
    paper.removeAttribute("tabindex");
    paper.removeAttribute("aria-description");
  }
}

function idsOf(cell) {
  let held = cell;
  while (held && typeof held !== "string") held = held[0];
  return held ? held.split(" ") : [];
}

function idsAt(points) {
  return [...new Set(points.flatMap((point) => idsOf(point.customdata)))];
}

// What is clicked is offered to whoever shows cards in the browser; where nobody takes it, the page's script is told.
function choose(chart, points) {
  const ids = idsAt(points);
  if (!chart.head.chooses || !ids.length) return;
  if (chart.at < 0) window.Plotly.Fx.unhover(chart.paper);
  const free = window.dispatchEvent(new CustomEvent("tapeline:choose", { cancelable: true, detail: { ids, from: chart.paper } }));
  if (free) chart.tell("chosen", ids);
}

function near(chart, points) {
  const ids = idsAt(points);
  chart.paper.classList.toggle("on-mark", ids.length > 0);
  if (chart.head.chooses) window.dispatchEvent(new CustomEvent("tapeline:near", { detail: { ids } }));
}

// A click in passing selects nothing, and nothing needs to be drawn anew for it.
function range(chart, event) {
  const ends = event?.range && Object.entries(event.range).find(([axis, span]) => axis.startsWith("x") && Array.isArray(span))?.[1];
  if (event?.range || chart.paper.layout.selections?.length) window.Plotly.update(chart.paper, { selectedpoints: null }, { selections: [] });
  if (ends) chart.tell("range", [...ends].sort().map(String));
}

// By keyboard: the marks in reading order, each with its label, as a mouse would show it.
function marksOf(paper) {
  const marks = [];
  paper._fullData.forEach((trace, curve) => {
    if (trace.visible !== true || !trace.customdata) return;
    const [xaxis, yaxis] = ["x", "y"].map((letter) => paper._fullLayout[`${letter}axis${(trace[`${letter}axis`] || letter).slice(1)}`]);
    Array.from(trace.customdata).forEach((cell, point) => {
      if (!idsOf(cell).length) return;
      const x = xaxis._offset + xaxis.d2p(trace.x[point]);
      const y = yaxis._offset + yaxis.d2p(trace.y[point]);
      if (Number.isFinite(x) && Number.isFinite(y)) marks.push({ curve, point, x, y, subplot: xaxis._id + yaxis._id, customdata: cell });
    });
  });
  return marks.sort((one, other) => one.x - other.x || one.y - other.y);
}

const STEPS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10 };

function key(chart, event) {
  if (event.target !== chart.paper || !chart.marks.length) return;
  const last = chart.marks.length - 1;
  if (event.key in STEPS) chart.at = Math.min(Math.max(chart.at + STEPS[event.key], 0), last);
  else if (event.key === "Home") chart.at = 0;
  else if (event.key === "End") chart.at = last;
  else if ((event.key === "Enter" || event.key === " ") && chart.at >= 0) choose(chart, [chart.marks[chart.at]]);
  else if (event.key === "Escape" && chart.at >= 0) return leave(chart);
  else return;
  event.preventDefault();
  point(chart);
}

function point(chart) {
  const mark = chart.marks[Math.max(chart.at, 0)];
  chart.ring.hidden = false;
  Object.assign(chart.ring.style, { left: `${mark.x}px`, top: `${mark.y}px` });
  window.Plotly.Fx.hover(chart.paper, [{ curveNumber: mark.curve, pointNumber: mark.point }], mark.subplot);
  const label = [...chart.paper.querySelectorAll(".hovertext text")].map((text) => [...(text.querySelectorAll("tspan.line").length ? text.querySelectorAll("tspan.line") : [text])].map((line) => line.textContent).join(" "));
  say(chart, `${label.join(". ")} (${chart.at + 1} of ${chart.marks.length})`);
}

function leave(chart) {
  chart.at = -1;
  chart.ring.hidden = true;
  window.Plotly.Fx.unhover(chart.paper);
  say(chart, "");
}

function say(chart, words) {
  chart.said.textContent = words;
}

function fail(chart, error) {
  chart.version = undefined;
  chart.frame.dataset.state = "failed";
  chart.paper.setAttribute("aria-label", chart.head?.alt || "Chart");
  chart.note.textContent = `The chart could not be drawn: ${error.message}. Its numbers stand in the table and the file beside it; reloading the page tries again.`;
}

// The code for another page: this very view, with nothing but the chart.
async function copy(chart, button) {
  const address = new URL(window.location.href);
  address.searchParams.set("embed", "true");
  address.searchParams.set("chart", chart.head.name);
  address.searchParams.delete("event");
  address.hash = "";
  const height = Math.round(chart.frame.offsetHeight + 170);
  const code = `<iframe src="${escaped(address.href)}" title="${escaped(chart.head.picture.title)}" width="100%" height="${height}" style="border:0" loading="lazy"></iframe>`;
  try {
    await navigator.clipboard.writeText(code);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Embed"), 2000);
    say(chart, "The code is on the clipboard.");
  } catch {
    window.prompt("Copy this code:", code);
  }
}

// A picture to take away: what the chart shows, with its finding above and note, source and licence below.
const SPACE = 24;

async function picture(chart, kind) {
  const svg = await composed(chart);
  const blob = kind === "svg" ? new Blob([svg.text], { type: "image/svg+xml" }) : await painted(svg);
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `${chart.head.picture.name}.${kind}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  say(chart, `${link.download} was made.`);
}

// A drawing that leaves the page has no fonts but its own, so the two that it uses go with it.
async function fonts() {
  const rules = [...document.styleSheets].flatMap((sheet) => {
    try {
      return [...sheet.cssRules].filter((rule) => rule instanceof CSSFontFaceRule).map((rule) => ({ rule, sheet }));
    } catch {
      return [];
    }
  });
  const found = rules.filter(({ rule }) => /Source (Sans|Serif)/.test(rule.style.fontFamily) && rule.style.fontStyle !== "italic");
  const faces = await Promise.all(found.map(async ({ rule, sheet }) => {
    const address = new URL(rule.style.getPropertyValue("src").match(/url\("?([^")]+)/)[1], sheet.href || document.baseURI);
    const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
    let letters = "";
    for (let at = 0; at < bytes.length; at += 8192) letters += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return `@font-face{font-family:${rule.style.fontFamily};font-weight:100 900;src:url(data:font/woff2;base64,${btoa(letters)}) format("woff2")}`;
  }));
  return faces.join("");
}

async function composed(chart) {
  const { head, paper } = chart;
  const { layout } = head.figure;
  const width = Math.round(paper.clientWidth);
  const height = Math.round(paper._fullLayout.height);
  const uri = await window.Plotly.toImage(paper, { format: "svg", width, height, imageDataOnly: true });
  const inner = uri.replace(/^<svg/, `<svg x="${SPACE}" y="@TOP@"`);
  const total = width + 2 * SPACE;
  const ink = layout.font.color;
  const family = layout.font.family;
  const lines = [];
  let at = SPACE;
  const write = (words, size, weight, colour, gap, face = family) => {
    for (const line of wrapped(words, `${weight} ${size}px ${face}`, width)) {
      at += size * 1.35;
      lines.push(`<text x="${SPACE}" y="${Math.round(at)}" font-family="${escaped(face)}" font-size="${size}" font-weight="${weight}" fill="${colour}">${escaped(line)}</text>`);
    }
    at += gap;
  };
  write(head.picture.title, 20, 600, ink, 10, "Source Serif, Georgia, serif");
  const top = Math.round(at);
  at += height + 4;
  write(head.picture.note, 12, 400, head.picture.muted, 4);
  write(head.picture.credit, 12, 400, head.picture.muted, SPACE - 6);
  const text = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${total}" height="${Math.ceil(at)}" viewBox="0 0 ${total} ${Math.ceil(at)}" role="img">`
    + `<title>${escaped(head.picture.title)}</title><desc>${escaped(head.alt)}</desc><rect width="100%" height="100%" fill="${layout.paper_bgcolor}"/>`
    + `<style>${await fonts().catch(() => "")}</style>`
    + `${lines.join("")}${inner.replace("@TOP@", String(top))}</svg>`;
  return { text, width: total, height: Math.ceil(at) };
}

function wrapped(words, font, width) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = font;
  const lines = [""];
  for (const word of words.split(/\s+/).filter(Boolean)) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (pen.measureText(longer).width <= width || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.filter(Boolean);
}

function escaped(words) {
  return words.replace(/[&<>"]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[letter]);
}

function painted(svg) {
  return new Promise((done, failed) => {
    const image = new Image();
    const address = URL.createObjectURL(new Blob([svg.text], { type: "image/svg+xml" }));
    image.onload = () => {
      const canvas = Object.assign(document.createElement("canvas"), { width: svg.width * 2, height: svg.height * 2 });
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(address);
      canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("the browser made no image of it"))), "image/png");
    };
    image.onerror = () => failed(new Error("the browser could not read its own drawing"));
    image.src = address;
  });
}
