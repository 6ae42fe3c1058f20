// Loads one module per behaviour named in data-behaviour and mounts it, again after each swap.
const loaded = new Map();
const mounted = new WeakMap();

async function mountOne(element, name) {
  const done = mounted.get(element) ?? new Set();
  if (done.has(name)) return;
  done.add(name);
  mounted.set(element, done);
  if (!loaded.has(name)) loaded.set(name, import(`./${name}.js`));
  try {
    (await loaded.get(name)).mount(element);
  } catch (error) {
    console.error(`Behaviour ${name} did not start`, error);
  }
}

export function mountAll(root) {
  const elements = [...root.querySelectorAll("[data-behaviour]")];
  if (root instanceof Element && root.matches("[data-behaviour]")) elements.unshift(root);
  for (const element of elements) {
    for (const name of element.dataset.behaviour.split(" ").filter(Boolean)) mountOne(element, name);
  }
}

mountAll(document);
document.addEventListener("swapped", (event) => mountAll(event.target));
