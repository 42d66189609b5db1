/** Line icons on a 24 × 24 grid, drawn as SVG elements (no fonts, no inline markup). */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  back: "M15 5l-7 7 7 7",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  send: "M4 12l16-8-5 17-4-7-7-2z",
  attach: "M19.5 11.5l-7.6 7.6a4.8 4.8 0 01-6.8-6.8l8-8a3.2 3.2 0 014.6 4.6l-7.9 7.8a1.6 1.6 0 01-2.3-2.2l7-7",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  reply: "M10 7L4 12.5 10 18v-3.6c5-.4 8 .8 10 4.1-.3-5.3-3.5-8-10-8.4z",
  forward: "M14 7l6 5.5-6 5.5v-3.6c-5-.4-8 .8-10 4.1.3-5.3 3.5-8 10-8.4z",
  copy: "M9 9h10v11H9zM6 15H5V4h10v2",
  arrow: "M8 16L16.5 7.5M9.5 7H17v7.5",
  down: "M6 9.5l6 6 6-6",
  left: "M14.5 6l-6 6 6 6",
  right: "M9.5 6l6 6-6 6",
  check: "M3 12.5l4.5 4.5L17 7.5M12 16.5l.5.5L22 7.5",
  tick: "M5 12.5l4.5 4.5L19 7.5",
  group: "M9 11a3.3 3.3 0 100-6.6A3.3 3.3 0 009 11zM3 19c0-3.3 2.5-5.3 6-5.3s6 2 6 5.3M15.5 5a3 3 0 010 5.8M17.5 14c2.2.6 3.5 2.3 3.5 5",
  channel: "M4 10v4h3l8 4.5v-13L7 10H4zM18.5 9a4.5 4.5 0 010 6",
  block: "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM6 6l12 12",
  plus: "M12 5v14M5 12h14",
  star: "M12 4l2.4 5 5.6.7-4.1 3.8 1 5.5L12 16.3 7.1 19l1-5.5L4 9.7 9.6 9z",
  tune: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.8v4.4M9 14.8v4.4",
  photo: "M4 6h16v13H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.5v.01",
  share: "M13 5l7 6-7 6v-3.5C8 13.5 5.5 15 4 18c.3-5 3.5-8.5 9-9z",
  clock: "M12 4a8 8 0 100 16 8 8 0 000-16zM12 8v4.5l3 1.7",
};

export function icon(name, className = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** The corner of a bubble that points at who said it. */
export function tail() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 10 18");
  svg.setAttribute("class", "tail");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", "M0 18h9.2c.8 0 1-.9.4-1.4C6.5 14.2 4.2 9.5 4 0H0z");
  svg.append(path);
  return svg;
}
