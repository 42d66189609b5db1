/** Building elements. Text only ever enters as text nodes, so nothing said in a chat becomes markup. */

export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) setProp(element, name, value);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function setProp(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "class") element.className = value;
  else if (name === "data") assignDefined(element.dataset, value);
  else if (name === "style") for (const [key, item] of Object.entries(value)) element.style.setProperty(key, item);
  else if (name === "on") for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
  else element.setAttribute(name, value === true ? "" : value);
}

function assignDefined(target, values) {
  for (const [key, value] of Object.entries(values)) if (value !== undefined && value !== null) target[key] = value;
}

/** A button that is a button: `label` is what a screen reader says when the content is only a picture. */
export function button(props, ...children) {
  const { label, onClick, on, ...rest } = props;
  const listeners = onClick ? { click: onClick, ...on } : on;
  return h("button", { type: "button", "aria-label": label, title: label, on: listeners, ...rest }, ...children);
}

/** Joins class names, leaving out the falsy ones. */
export const classes = (...names) => names.filter(Boolean).join(" ");

/** Runs `work` once, soon, however often it is asked for until then. */
export function coalesce(work) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      work();
    }, 0);
  };
}

/** Makes `container`'s children equal `items` ({key, parts, build}); a child whose parts are the same objects stays. */
export function reconcile(container, items, { onReplace, onRemove } = {}) {
  const present = new Map([...container.children].filter((child) => child.itemKey).map((child) => [child.itemKey, child]));
  const wanted = new Set(items.map((item) => item.key));
  for (const [key, child] of present) if (!wanted.has(key)) (onRemove ?? ((node) => node.remove()))(child);
  let cursor = container.firstElementChild;
  for (const item of items) {
    let child = present.get(item.key);
    if (child && !sameParts(child.itemParts, item.parts)) {
      const fresh = tagged(item);
      if (cursor === child) cursor = fresh;
      child.replaceWith(fresh);
      onReplace?.(fresh, child, item);
      child = fresh;
    }
    child ??= tagged(item);
    while (cursor && !cursor.itemKey && cursor !== child) cursor = cursor.nextElementSibling;
    if (child === cursor) cursor = cursor.nextElementSibling;
    else container.insertBefore(child, cursor);
  }
}

function tagged(item) {
  const child = item.build();
  child.itemKey = item.key;
  child.itemParts = item.parts;
  return child;
}

const sameParts = (left, right) => left.length === right.length && left.every((part, index) => part === right[index]);
